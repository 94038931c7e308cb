/**
 * Seals anew, with the present key, what earlier keys have sealed, so that those can be dropped. A person's own when a code of
 * theirs was right; all of them by each worker at its start. Any number may do it at once: a seal is replaced only where it is
 * still the one that was opened.
 */
import { runSql, type SqlScope } from '../../platform/database/sql.js';
import { isAppError } from '../../platform/errors.js';
import type { Log } from '../../platform/log.js';
import type { Sealer } from './sealed-secret.js';

const AT_A_TIME = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

export interface Seal {
  userId: string;
  sealedSecret: Uint8Array;
}

/** Does nothing where the present key has sealed it. Throws as `Sealer.open` does. */
export async function resealOne(scope: SqlScope, sealer: Sealer, { userId, sealedSecret }: Seal): Promise<void> {
  if (sealer.mark.equals(sealedSecret.subarray(0, sealer.mark.length))) return;
  const anew = sealer.seal(sealer.open(sealedSecret, userId), userId);
  await runSql(scope, 'select reseal_second_factor($1, $2, $3)', [userId, sealedSecret, anew]);
}

export interface Resealed {
  resealed: number;
  /** Sealed with a key that is not configured, or altered: they stay as they are. */
  unreadable: number;
}

/** All that the present key has not sealed. Tells the log when there were any. */
export async function resealAll(ctx: { scope: SqlScope; sealer: Sealer; log: Log }): Promise<Resealed> {
  const { scope, sealer, log } = ctx;
  const counts = { resealed: 0, unreadable: 0 };
  for (let seals = await sealsAfter(ctx, FIRST); seals.length > 0; seals = await sealsAfter(ctx, last(seals))) {
    for (const seal of seals) counts[(await isResealed(scope, sealer, seal)) ? 'resealed' : 'unreadable'] += 1;
  }
  if (counts.resealed > 0) log.info(counts, 'sealed second factors anew with the present secret key');
  if (counts.unreadable > 0)
    log.warn(
      counts,
      'second factors cannot be read: put the SECRET_KEY they were sealed with into PREVIOUS_SECRET_KEYS',
    );
  return counts;
}

async function isResealed(scope: SqlScope, sealer: Sealer, seal: Seal): Promise<boolean> {
  try {
    await resealOne(scope, sealer, seal);
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === 'INVALID_STATE') return false;
    throw error;
  }
}

async function sealsAfter({ scope, sealer }: { scope: SqlScope; sealer: Sealer }, after: string): Promise<Seal[]> {
  const rows = await runSql<{ user_id: string; sealed_secret: Buffer }>(
    scope,
    'select * from seals_without($1, $2, $3)',
    [sealer.mark, after, AT_A_TIME],
  );
  return rows.map(({ user_id: userId, sealed_secret: sealedSecret }) => ({ userId, sealedSecret }));
}

const last = (seals: readonly Seal[]): string => seals.at(-1)?.userId ?? FIRST;
