/**
 * From an invitation to a membership. Whoever is signed in joins as themselves. Everybody else brings a password: with it
 * they open an account of the invited address, or, when there is one, prove that it is theirs (and are then asked for their
 * second factor, if it is on).
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, badInput } from '../../platform/errors.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { newId } from '../../platform/ids.js';
import { networkOf } from '../../platform/network-of.js';
import { cleanLine } from '../../platform/text-input.js';
import { emailTaken } from '../accounts/email-taken.js';
import { enterTenant, type SignInOutcome } from '../accounts/enter-tenant.js';
import { checkNewPassword, hashPassword, verifyPassword } from '../accounts/password.js';
import { MAX_NAME_LENGTH } from '../accounts/register.js';
import { requireSession } from '../accounts/require-session.js';
import { wrongCredentials } from '../accounts/sign-in.js';
import { countAttempt, countSignIn, REGISTER_PER_NETWORK } from '../accounts/throttle.js';
import { recordAudit } from '../audit/record-audit.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import { signedIn } from '../authorize.js';
import { INVITATION_PREFIX, oneTimeTokenHash } from '../one-time-token.js';
import type { SignInMethod } from '../sessions/session.js';

export interface InvitationAnswer {
  token: string;
  displayName?: string | null;
  password?: string | null;
}

interface InvitationRow {
  email: string;
  tenant_id: string;
  user_id: string | null;
  password_hash: string | null;
  second_factor: boolean;
}

interface Joining {
  userId: string;
  secondFactor: boolean;
  method: SignInMethod;
  /** Makes the account, in the transaction that accepts the invitation. */
  create?: (em: Em) => Promise<void>;
}

/**
 * Errors: NOT_FOUND (the invitation: unknown, expired, taken back or accepted); BAD_INPUT; UNAUTHENTICATED (a wrong password);
 * CONFLICT (a member already); FORBIDDEN (an API key); RATE_LIMITED.
 */
export async function acceptInvitation(ctx: ApiContext, input: InvitationAnswer): Promise<SignInOutcome> {
  const hash = oneTimeTokenHash(INVITATION_PREFIX, input.token);
  const now = ctx.clock();
  const [invitation] = hash
    ? await runSql<InvitationRow>(ctx.em, 'select * from invitation_lookup($1, $2)', [hash, now])
    : [];
  if (!hash || !invitation) throw invitationOver();
  const joining = await whoJoins(ctx, invitation, input);
  return ctx.em
    .transactional(async (transaction) => {
      const em = transaction as Em;
      await joining.create?.(em);
      const [joined] = await runSql<{ tenant: string | null }>(em, 'select accept_invitation($1, $2, $3) as tenant', [
        hash,
        now,
        joining.userId,
      ]);
      if (!joined?.tenant) throw invitationOver();
      const person = { ...joining, tenantIds: [joined.tenant] };
      const target = { type: 'User', id: joining.userId } as const;
      const member = { tenantId: joined.tenant, userId: joining.userId };
      await recordAudit(em, { action: 'INVITATION_ACCEPTED', target }, member);
      return enterTenant({ em, clock: ctx.clock, services: ctx.services }, person, undefined, joining.method);
    })
    .catch(alreadyMember)
    .catch(emailTaken(invitation.email));
}

async function whoJoins(ctx: ApiContext, invitation: InvitationRow, input: InvitationAnswer): Promise<Joining> {
  if (input.password == null) return joinSignedIn(ctx);
  return invitation.user_id === null
    ? joinAnew(ctx, invitation.email, { password: input.password, displayName: input.displayName })
    : joinByPassword(ctx, invitation, invitation.user_id, input.password);
}

/** A session has passed its second factor already. */
async function joinSignedIn(ctx: ApiContext): Promise<Joining> {
  if (!ctx.actor) throw badInput('`password` is missing. Give one, or sign in first.', { field: 'password' });
  const caller = signedIn(ctx);
  await requireSession(caller);
  return { userId: caller.actor.userId, secondFactor: false, method: 'ANOTHER_TENANT' };
}

async function joinByPassword(
  ctx: ApiContext,
  invitation: InvitationRow,
  userId: string,
  password: string,
): Promise<Joining> {
  const forget = await countSignIn(ctx, invitation.email.toLowerCase());
  if (!(await verifyPassword(invitation.password_hash, password))) {
    await recordSignInFailure(ctx, { userId, at: 'PASSWORD' });
    throw wrongCredentials();
  }
  await forget();
  return { userId, secondFactor: invitation.second_factor, method: 'PASSWORD' };
}

async function joinAnew(
  ctx: ApiContext,
  email: string,
  given: { password: string; displayName: string | null | undefined },
): Promise<Joining> {
  const displayName = cleanLine(given.displayName ?? '', { field: 'displayName', max: MAX_NAME_LENGTH });
  const password = checkNewPassword(given.password, 'password');
  await countAttempt(ctx.em, `register from ${networkOf(ctx.ip)}`, REGISTER_PER_NETWORK);
  const passwordHash = await hashPassword(password);
  const userId = newId();
  return {
    userId,
    secondFactor: false,
    method: 'REGISTRATION',
    create: async (em) => {
      await runSql(em, 'select create_account($1, $2, $3, $4)', [userId, email, displayName, passwordHash]);
    },
  };
}

function alreadyMember(cause: unknown): never {
  const { constraint } = (cause ?? {}) as { constraint?: unknown };
  if (constraint !== 'memberships_tenant_id_user_id_key') throw cause;
  throw new AppError('CONFLICT', 'You are a member of that tenant already.', {
    cause,
    hint: 'Enter it (`switchTenant`).',
  });
}

const invitationOver = () =>
  new AppError('NOT_FOUND', 'The invitation was not found: it is unknown, expired, taken back or accepted already.', {
    hint: 'Ask whoever invited you for a new one.',
  });
