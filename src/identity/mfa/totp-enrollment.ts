/**
 * Turning the second factor on and off. It is begun with a secret for the person's app and counts from the moment they
 * have shown a code of it; until then signing in asks for nothing, so nobody is locked out by a picture they did not scan.
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, badInput } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { requireSession } from '../accounts/require-session.js';
import { CODES_PER_PERSON, countAttempt, forgetAttempts } from '../accounts/throttle.js';
import type { AuditAction } from '../audit/audit-action.js';
import { recordAudit } from '../audit/record-audit.js';
import { endSessions } from '../sessions/sign-out.js';
import { UserEntity } from '../user.entity.js';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-code.js';
import { type Proof, proveByCode, proveByRecoveryCode, type StoredFactor } from './second-factor-code.js';
import { describeSecret, newTotpSecret, type TotpEnrollment } from './totp.js';
import { codesBucket } from './verify-mfa.js';

/** Errors: INVALID_STATE when it is on already; FORBIDDEN (an API key). */
export async function startTotpEnrollment(ctx: ActorContext): Promise<TotpEnrollment> {
  await requireSession(ctx);
  const { sealer, secondFactor: settings } = ctx.services.accounts;
  const { email } = await ctx.em.findOneOrFail(UserEntity, { id: ctx.actor.userId });
  const secret = newTotpSecret();
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [row] = await runSql<{ begun: boolean }>(em, 'select begin_my_second_factor($1, $2, $3) as begun', [
      sealer.seal(secret, ctx.actor.userId),
      settings.digits,
      settings.periodSeconds,
    ]);
    if (!row?.begun) throw isOn();
    await record(em, ctx, 'MFA_ENROLLMENT_STARTED');
  });
  return describeSecret(secret, { ...settings, account: email });
}

/**
 * Answers the recovery codes. All other sessions of the person end, in every tenant: they were opened without it. Errors:
 * BAD_INPUT (a wrong code); INVALID_STATE (not begun, or on); RATE_LIMITED; FORBIDDEN.
 */
export async function confirmTotpEnrollment(ctx: ActorContext, code: string): Promise<string[]> {
  await requireSession(ctx);
  const factor = await myFactor(ctx);
  if (!factor) {
    throw new AppError('INVALID_STATE', 'No enrolment has been begun.', { hint: 'Call `startTotpEnrollment` first.' });
  }
  if (factor.confirmed) throw isOn();
  return counted(ctx, async () => {
    const [step] = proveByCode(ctx.services.accounts, factor, code, ctx.clock()) ?? [];
    if (step == null) throw wrongCode();
    const codes = newRecoveryCodes();
    await ctx.em.transactional(async (transaction) => {
      const em = transaction as Em;
      const [row] = await runSql<{ confirmed: boolean }>(
        em,
        'select confirm_my_second_factor($1, $2, $3, $4) as confirmed',
        [factor.sealedSecret, step, ctx.clock(), hashesOf(ctx, codes)],
      );
      if (!row?.confirmed) throw isOn();
      await endSessions({ em, actor: ctx.actor }, ctx.actor.credentialId);
      await record(em, ctx, 'MFA_ENABLED');
    });
    return codes;
  });
}

/** `code`: of the app, or a recovery code. Errors: BAD_INPUT (a wrong code); INVALID_STATE (off); RATE_LIMITED; FORBIDDEN. */
export const disableTotp = (ctx: ActorContext, code: string): Promise<void> =>
  withCode(ctx, code, async (em) => {
    await runSql(em, 'select remove_my_second_factor()');
    await record(em, ctx, 'MFA_DISABLED');
  });

/** New recovery codes; the old ones are worth nothing from now on. Errors as of `disableTotp`. */
export const createRecoveryCodes = (ctx: ActorContext, code: string): Promise<string[]> =>
  withCode(ctx, code, async (em) => {
    const codes = newRecoveryCodes();
    await runSql(em, 'select replace_my_recovery_codes($1)', [hashesOf(ctx, codes)]);
    await record(em, ctx, 'RECOVERY_CODES_RENEWED');
    return codes;
  });

/** Takes the code and does `work`, both or neither. */
async function withCode<T>(ctx: ActorContext, code: string, work: (em: Em) => Promise<T>): Promise<T> {
  await requireSession(ctx);
  const factor = await myFactor(ctx);
  if (!factor?.confirmed) {
    throw new AppError('INVALID_STATE', 'The second factor is not on.', {
      hint: 'Call `startTotpEnrollment` to begin.',
    });
  }
  return counted(ctx, async () => {
    const proof: Proof | undefined =
      proveByRecoveryCode(ctx.actor.userId, code) ?? proveByCode(ctx.services.accounts, factor, code, ctx.clock());
    if (!proof) throw wrongCode();
    return ctx.em.transactional(async (transaction) => {
      const em = transaction as Em;
      const [row] = await runSql<{ spent: boolean }>(em, 'select spend_my_code($1, $2) as spent', [...proof]);
      if (!row?.spent) throw wrongCode();
      return work(em);
    });
  });
}

/** Counts a guess before it is looked at, and forgets all when it was right. */
async function counted<T>(ctx: ActorContext, guess: () => Promise<T>): Promise<T> {
  const bucket = codesBucket(ctx.actor.userId);
  await countAttempt(ctx.em, bucket, CODES_PER_PERSON);
  const result = await guess();
  await forgetAttempts(ctx.em, bucket);
  return result;
}

interface FactorRow {
  sealed_secret: Buffer;
  digits: number;
  period_seconds: number;
  confirmed: boolean;
}

async function myFactor(ctx: ActorContext): Promise<(StoredFactor & { confirmed: boolean }) | undefined> {
  const [row] = await runSql<FactorRow>(ctx.em, 'select * from my_second_factor()');
  if (!row) return undefined;
  const { sealed_secret: sealedSecret, period_seconds: periodSeconds, digits, confirmed } = row;
  return { userId: ctx.actor.userId, sealedSecret, digits, periodSeconds, confirmed };
}

const hashesOf = (ctx: ActorContext, codes: readonly string[]): (Buffer | undefined)[] =>
  codes.map((code) => recoveryCodeHash(ctx.actor.userId, code));

const record = (em: Em, ctx: ActorContext, action: AuditAction): Promise<void> =>
  recordAudit(em, { action, target: { type: 'User', id: ctx.actor.userId } });

const isOn = () =>
  new AppError('INVALID_STATE', 'The second factor is on already.', { hint: 'Turn it off first (`disableTotp`).' });

const wrongCode = () => badInput('`code` is wrong, or has been used.', { field: 'code' });
