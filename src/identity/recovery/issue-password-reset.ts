/**
 * Helps a person back in who has forgotten their password. Whoever holds the token can become that person, up to the second
 * factor; so an administrator may issue one only where that gives them nothing they have not: for people below them, who
 * are in no other tenant, are vouched for by nobody else, and hide nothing from them. The rule stands in the database
 * (password_reset_obstacle), which asks it again when the token is used. For everybody else there is the operator.
 */
import type { Em } from '../../platform/database/em.js';
import { runSql, type SqlRunner } from '../../platform/database/sql.js';
import { AppError, notFound } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { decodeId } from '../../platform/ids.js';
import { cleanEmail } from '../accounts/email-address.js';
import { requireSession } from '../accounts/require-session.js';
import { recordAudit } from '../audit/record-audit.js';
import { requireRole } from '../authorize.js';
import { MembershipEntity } from '../members/membership.entity.js';
import { newPasswordReset, type PasswordReset } from './recovery-token.js';

type Obstacle = 'RANK' | 'GUARDED';

const OPERATOR =
  'Ask whoever runs this installation: `npx paperwright reset-password EMAIL` makes a recovery token for anybody.';

/** `membershipId`: public. Errors: FORBIDDEN (below ADMIN, an API key, or the rule above); NOT_FOUND. */
export async function issuePasswordReset(ctx: ActorContext, membershipId: string): Promise<PasswordReset> {
  requireRole(ctx.actor, 'ADMIN');
  await requireSession(ctx);
  const { token, sha256, expiresAt } = newPasswordReset(ctx.clock());
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const member = await em.findOne(MembershipEntity, { id: decodeId('mem', membershipId) });
    if (!member?.userId) throw notFound('Membership'); // an invitation is nobody's yet
    if (member.userId === ctx.actor.userId) throw ownPassword();
    const [row] = await runSql<{ obstacle: Obstacle | null }>(
      em,
      'select issue_password_reset($1, $2, $3) as obstacle',
      [member.userId, sha256, expiresAt],
    );
    if (row?.obstacle) throw notYours(row.obstacle);
    const target = { type: 'User', id: member.userId } as const;
    await recordAudit(em, { action: 'PASSWORD_RESET_ISSUED', target, metadata: { expiresAt } });
  });
  return { token, expiresAt };
}

/**
 * For anybody with an account. `sql` is a connection of the database's owner: no other role may. Recorded in the audit log of
 * every tenant of the person. Errors: BAD_INPUT; NOT_FOUND.
 */
export async function issuePasswordResetAsOperator(
  ctx: { sql: SqlRunner; clock: () => Date },
  input: { email: string; minutes: number },
): Promise<PasswordReset & { email: string }> {
  const email = cleanEmail(input.email, 'EMAIL');
  const { token, sha256, expiresAt } = newPasswordReset(ctx.clock(), input.minutes);
  const [row] = await runSql<{ person: string | null }>(
    ctx.sql,
    'select issue_password_reset_as_operator($1, $2, $3) as person',
    [email, sha256, expiresAt],
  );
  if (!row?.person) {
    throw new AppError('NOT_FOUND', `There is no account for ${email}.`, {
      hint: 'Look at the address with which the person registered or was invited.',
    });
  }
  return { email, token, expiresAt };
}

const ownPassword = () =>
  new AppError('FORBIDDEN', 'You cannot issue a recovery token for yourself.', {
    hint: `Change your password with the one you have (\`changePassword\`). ${OPERATOR}`,
  });

function notYours(obstacle: Obstacle): AppError {
  switch (obstacle) {
    case 'RANK':
      return new AppError('FORBIDDEN', 'You can reset the passwords of members below you only.', {
        hint: `Another member may be above this one. ${OPERATOR}`,
      });
    case 'GUARDED':
      return new AppError(
        'FORBIDDEN',
        'This account may open more than you may see: another tenant, private projects, or what another issuer vouches for.',
        { hint: OPERATOR },
      );
    default:
      return obstacle satisfies never;
  }
}
