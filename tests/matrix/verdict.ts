/** What the table of operations means for one caller and one place. */
import { hasRole } from '../../src/identity/authorize.js';
import type { ErrorCode } from '../../src/platform/errors.js';
import type { Operation } from './operations.js';
import { type Caller, type PlaceName, roleOf, sees } from './world.js';

export type Verdict = 'ok' | ErrorCode;

const OWNERS: Record<PlaceName, Caller | null> = { shared: 'OWNER', hidden: 'keeper', foreign: null };

export function verdictOf(operation: Operation, caller: Caller, place: PlaceName | 'nowhere'): Verdict {
  const { gate, reach, ofOthers = gate, lets = 'ok' } = operation;
  const role = roleOf(caller);
  if (gate === 'ANYONE') return lets;
  if (!role) return 'UNAUTHENTICATED';
  if (!hasRole([role], gate)) return 'FORBIDDEN';
  if (reach === 'nothing') return lets;
  if (place === 'nowhere' || place === 'foreign') return 'NOT_FOUND';
  const isOwner = OWNERS[place] === caller;
  if (reach === 'own') return isOwner || hasRole([role], 'ADMIN') ? 'ok' : 'NOT_FOUND';
  if (reach === 'project' && !sees(caller, place)) return 'NOT_FOUND';
  return isOwner || ofOthers === 'ANYONE' || hasRole([role], ofOthers) ? 'ok' : 'FORBIDDEN';
}
