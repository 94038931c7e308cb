/**
 * Somebody failed to prove to be somebody. Where there is such an account, it is recorded in the audit log of each tenant
 * that the person is a member of; where there is none, no tenant could be told, and it is a line of the log. Both count in
 * /metrics. What this takes must not tell which of the two it was: one statement either way, no wait for the disk, and a
 * refusal of a password waits longer than it (../accounts/sign-in.ts).
 */
import { runSql } from '../../platform/database/sql.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    /** Since this process began. */
    signInFailures: { ofAccounts: number; ofNobody: number };
  }
}

export interface SignInFailure {
  /** uuid; null: there is no such account, or none was named. */
  userId: string | null;
  at: 'PASSWORD' | 'SECOND_FACTOR' | 'GOOGLE' | 'CURRENT_PASSWORD' | 'RECOVERY';
}

/** Call it outside of a transaction that is about to fail. */
export async function recordSignInFailure(
  ctx: Pick<ApiContext, 'em' | 'services'>,
  { userId, at }: SignInFailure,
): Promise<void> {
  const { log, signInFailures } = ctx.services;
  const [row] = await runSql<{ tenants: number }>(ctx.em, 'select record_sign_in_failure($1, $2) as tenants', [
    userId,
    JSON.stringify({ at }),
  ]);
  if (row && row.tenants > 0) signInFailures.ofAccounts += 1;
  else {
    signInFailures.ofNobody += 1;
    log.warn({ security: 'SIGN_IN_FAILED', at }, 'somebody failed to sign in to no account of a tenant');
  }
}
