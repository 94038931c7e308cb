/** A person's account at Google, as a second way into an account they are signed in to. */

import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, badInput } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { requireSession } from '../accounts/require-session.js';
import { recordAudit } from '../audit/record-audit.js';
import type { SessionCtx } from '../sessions/session.js';
import type { GoogleIdentity } from './google-id-token.js';

interface GoogleToken {
  idToken: string;
  nonce?: string | null;
}

/** What Google says of the bearer. Errors: INVALID_STATE where it is not set up; UNAUTHENTICATED; UNAVAILABLE. */
export function identifyByGoogle(
  ctx: Pick<SessionCtx, 'clock' | 'services'>,
  { idToken, nonce }: GoogleToken,
): Promise<GoogleIdentity> {
  const { google } = ctx.services.accounts;
  if (!google) {
    throw new AppError('INVALID_STATE', 'Sign-in with Google is not set up on this installation.', {
      hint: 'Sign in with a password; whoever runs it can set AUTH_GOOGLE_CLIENT_ID.',
    });
  }
  return google.verify(idToken, { nonce, at: ctx.clock() });
}

/** Linking the same one twice changes nothing. Errors: as above; CONFLICT; FORBIDDEN (an API key). */
export async function linkGoogle(ctx: ActorContext, token: GoogleToken): Promise<void> {
  await requireSession(ctx);
  const { subject } = await identifyByGoogle(ctx, token);
  const { userId } = ctx.actor;
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    await link(em, subject, userId);
    await recordAudit(em, { action: 'IDENTITY_LINKED', target: { type: 'User', id: userId }, metadata: BY_GOOGLE });
  });
}

/** Errors: INVALID_STATE when it is the only way in; FORBIDDEN (an API key). */
export async function unlinkGoogle(ctx: ActorContext): Promise<void> {
  await requireSession(ctx);
  const target = { type: 'User', id: ctx.actor.userId } as const;
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [row] = await runSql<{ unlinked: boolean }>(em, 'select unlink_my_google_account() as unlinked');
    if (!row?.unlinked) throw onlyWayIn();
    await recordAudit(em, { action: 'IDENTITY_UNLINKED', target, metadata: BY_GOOGLE });
  });
}

const BY_GOOGLE = { provider: 'GOOGLE' };

const onlyWayIn = () =>
  new AppError('INVALID_STATE', 'Google is the only way into this account.', {
    hint: 'Set a password first (`changePassword` with `googleIdToken`).',
  });

/** Throws unless the token is of the Google account that is linked to the caller's. */
export async function verifyLinkedGoogle(ctx: ActorContext, idToken: string | null | undefined): Promise<void> {
  if (idToken == null) {
    throw badInput('This account has no password yet: prove it with `googleIdToken`.', { field: 'googleIdToken' });
  }
  const { subject, email } = await identifyByGoogle(ctx, { idToken });
  const [row] = await runSql<{ user_id: string | null }>(ctx.em, 'select * from google_lookup($1, $2)', [
    subject,
    email,
  ]);
  if (row?.user_id === ctx.actor.userId) return;
  throw badInput('`googleIdToken` is of another account than the one that is linked.', { field: 'googleIdToken' });
}

export async function link(em: Em, subject: string, userId: string): Promise<void> {
  await runSql(em, 'select link_google_account($1, $2)', [subject, userId]).catch((cause: unknown) => {
    const { constraint } = (cause ?? {}) as { constraint?: unknown };
    if (constraint !== 'google_accounts_pkey' && constraint !== 'google_accounts_user_id_key') throw cause;
    const message =
      constraint === 'google_accounts_pkey'
        ? 'This Google account is linked to another account here.'
        : 'Another Google account is linked to yours.';
    throw new AppError('CONFLICT', message, { cause, hint: 'Unlink that one first (`unlinkGoogle`).' });
  });
}
