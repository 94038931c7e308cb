/** Who is limited: the address a request comes from, the person behind it, and the key or session that proves them. */

import type { RateQuotas, SubjectKind } from '../../config-edge.js';
import type { Actor } from '../../platform/database/actor.js';
import { networkOf } from '../../platform/network-of.js';
import type { Claim } from './rate-limiter.js';

export type BudgetKind = keyof RateQuotas;

export interface Who {
  actor: Pick<Actor, 'userId' | 'credentialId'> | null;
  ip: string;
}

/** No limits: for development and tests. */
export const NO_QUOTAS: RateQuotas = {
  requests: { address: 0, user: 0, key: 0 },
  cost: { address: 0, user: 0, key: 0 },
};

export interface NamedClaim extends Claim {
  /** As the headers and errors call it. */
  name: string;
  kind: BudgetKind;
  subject: SubjectKind;
}

/** What a caller spends from, of one kind of budget; without those that are not limited. */
export function claimsOf(quotas: RateQuotas, kind: BudgetKind, caller: Who): NamedClaim[] {
  const { actor, ip } = caller;
  const subjects: [SubjectKind, string][] = [['address', networkOf(ip)]];
  if (actor) subjects.push(['user', actor.userId], ['key', actor.credentialId]);
  return subjects
    .filter(([subject]) => quotas[kind][subject] > 0)
    .map(([subject, id]) => ({
      name: kind === 'cost' ? `${subject}-cost` : subject,
      kind,
      subject,
      bucket: `${subject} ${kind} ${id}`,
      quota: quotas[kind][subject],
    }));
}
