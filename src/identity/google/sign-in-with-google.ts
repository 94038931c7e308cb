/**
 * From an ID token of Google to a session. People are known by `sub`. A newcomer opens an account, where registration is
 * open. A newcomer whose address has an account must sign in to it and link: nobody here has confirmed that the address
 * belongs to whoever registered it, so entering by address alone would hand the victim's work to the one who came first.
 * An operator who knows better can allow it (AUTH_GOOGLE_ALLOW_LINK_EXISTING).
 */
import { runSql } from '../../platform/database/sql.js';
import { AppError, isAppError } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { networkOf } from '../../platform/network-of.js';
import { cleanLine } from '../../platform/text-input.js';
import { enterTenant, type KnownPerson, type SignInOutcome } from '../accounts/enter-tenant.js';
import { openAccount, requireOpenRegistration } from '../accounts/open-account.js';
import { MAX_NAME_LENGTH } from '../accounts/register.js';
import { countAttempt, REGISTER_PER_NETWORK, SIGN_IN_PER_NETWORK } from '../accounts/throttle.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import type { SessionCtx } from '../sessions/session.js';
import type { GoogleIdentity } from './google-id-token.js';
import { identifyByGoogle, link } from './link-google.js';

export interface GoogleSignIn {
  idToken: string;
  nonce?: string | null;
  /** Public id of the tenant to enter; the person's first one when absent. */
  tenantId?: string | null;
  /** Of the tenant that a newcomer opens. */
  tenantName?: string | null;
}

interface LookupRow {
  user_id: string | null;
  tenant_ids: string[];
  second_factor: boolean;
  address_user_id: string | null;
}

/**
 * Errors: INVALID_STATE where it is not set up; UNAUTHENTICATED; NOT_FOUND (the tenant); CONFLICT when the address has an
 * account; FORBIDDEN where registration is closed; RATE_LIMITED; UNAVAILABLE.
 */
export async function signInWithGoogle(ctx: SessionCtx & { ip: string }, input: GoogleSignIn): Promise<SignInOutcome> {
  const wanted = input.tenantId == null ? undefined : decodeId('ten', input.tenantId);
  await countAttempt(ctx.em, `sign in from ${networkOf(ctx.ip)}`, SIGN_IN_PER_NETWORK);
  const identity = await identifyByGoogle(ctx, input).catch(async (error: unknown) => {
    const isRefused = isAppError(error) && error.code === 'UNAUTHENTICATED';
    if (isRefused) await recordSignInFailure(ctx, { userId: null, at: 'GOOGLE' });
    throw error;
  });
  const known = await lookUp(ctx, identity);
  if (known.person) return enterTenant(ctx, known.person, wanted, 'GOOGLE');
  if (known.ofAddress === null) return openGoogleAccount(ctx, identity, input.tenantName);
  if (!ctx.services.accounts.google?.linksByAddress) throw signInFirst(identity.email);
  await link(ctx.em, identity.subject, known.ofAddress);
  const { person } = await lookUp(ctx, identity);
  if (!person) throw signInFirst(identity.email);
  return enterTenant(ctx, person, wanted, 'GOOGLE');
}

async function lookUp(
  { em }: SessionCtx,
  { subject, email }: GoogleIdentity,
): Promise<{ person: KnownPerson | undefined; ofAddress: string | null }> {
  const [row] = await runSql<LookupRow>(em, 'select * from google_lookup($1, $2)', [subject, email]);
  const person = row?.user_id
    ? { userId: row.user_id, tenantIds: row.tenant_ids, secondFactor: row.second_factor }
    : undefined;
  return { person, ofAddress: row?.address_user_id ?? null };
}

async function openGoogleAccount(
  ctx: SessionCtx & { ip: string },
  identity: GoogleIdentity,
  wantedName: string | null | undefined,
): Promise<SignInOutcome> {
  requireOpenRegistration(ctx);
  const displayName = nameOf(identity);
  const tenantName =
    wantedName == null ? displayName : cleanLine(wantedName, { field: 'tenantName', max: MAX_NAME_LENGTH });
  await countAttempt(ctx.em, `register from ${networkOf(ctx.ip)}`, REGISTER_PER_NETWORK);
  return openAccount(ctx, { email: identity.email, displayName, tenantName, passwordHash: null }, (em, userId) =>
    link(em, identity.subject, userId),
  );
}

/** As Google has it, or what stands before the @ when that is no name we would take. */
function nameOf({ name, email }: GoogleIdentity): string {
  try {
    return cleanLine(name ?? '', { field: 'name', max: MAX_NAME_LENGTH });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return email.slice(0, email.indexOf('@'));
  }
}

const signInFirst = (email: string) =>
  new AppError('CONFLICT', `There is already an account for ${email}.`, {
    hint: 'Sign in to it with its password, then link Google (`linkGoogle`).',
  });
