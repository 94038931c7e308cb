/** From a person who has proven their first factor to a session in a tenant, or to the question for the second factor. */
import { AppError, notFound } from '../../platform/errors.js';
import { type MfaChallenge, openChallenge } from '../mfa/open-challenge.js';
import { type OpenedSession, openSession, type SessionCtx, type SignInMethod } from '../sessions/session.js';

export interface KnownPerson {
  userId: string;
  tenantIds: readonly string[]; // oldest membership first
  secondFactor: boolean;
}

export type SignInOutcome = OpenedSession | MfaChallenge;

/** `wanted`: uuid of the tenant, else the person's first one. Errors: NOT_FOUND (the tenant), FORBIDDEN (there is none). */
export async function enterTenant(
  ctx: SessionCtx,
  person: KnownPerson,
  wanted: string | undefined,
  method: SignInMethod,
): Promise<SignInOutcome> {
  if (person.tenantIds.length === 0) {
    throw new AppError('FORBIDDEN', 'You are a member of no tenant any more.', {
      hint: 'Ask an administrator for an invitation, and accept it with your password (`acceptInvitation`).',
    });
  }
  const tenantId = wanted === undefined ? person.tenantIds[0] : person.tenantIds.find((id) => id === wanted);
  if (!tenantId) throw notFound('Tenant'); // another's and one that is none read the same
  const member = { tenantId, userId: person.userId };
  return person.secondFactor ? openChallenge(ctx, member) : openSession(ctx, member, method);
}
