/** A new tenant, its first person as OWNER, and a session: all of it or nothing. */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { recordAudit } from '../audit/record-audit.js';
import { type OpenedSession, openSession, type SessionCtx } from '../sessions/session.js';
import { emailTaken } from './email-taken.js';

export interface NewAccount {
  email: string;
  displayName: string;
  tenantName: string;
  /** Null: the person signs in without one. */
  passwordHash: string | null;
}

/** Throws FORBIDDEN where nobody may open an account of their own. */
export function requireOpenRegistration(ctx: Pick<SessionCtx, 'services'>): void {
  if (ctx.services.accounts.registrationOpen) return;
  throw new AppError('FORBIDDEN', 'Registration is closed on this installation.', {
    hint: 'Ask an administrator for an invitation, and use it with `acceptInvitation`.',
  });
}

/** `also` runs in the same transaction, before the session is opened. Errors: CONFLICT when the address has an account. */
export function openAccount(
  ctx: SessionCtx,
  account: NewAccount,
  also: (em: Em, userId: string) => Promise<void> = async () => undefined,
): Promise<OpenedSession> {
  const member = { tenantId: newId(), userId: newId() };
  return ctx.em
    .transactional(async (transaction) => {
      const em = transaction as Em;
      await runSql(em, 'select register_account($1, $2, $3, $4, $5, $6, $7)', [
        member.tenantId,
        account.tenantName,
        member.userId,
        account.email,
        account.displayName,
        account.passwordHash,
        newId(),
      ]);
      await also(em, member.userId);
      const target = { type: 'Tenant', id: member.tenantId } as const;
      await recordAudit(em, { action: 'ACCOUNT_REGISTERED', target }, member);
      return openSession({ em, clock: ctx.clock, services: ctx.services }, member, 'REGISTRATION');
    })
    .catch(emailTaken(account.email));
}
