/**
 * `paperwright reset-password EMAIL`: the operator's way to help somebody back in who has forgotten their password. Takes the
 * settings of the server, for they hold the connection of the database's owner, and that is what proves the operator. The
 * password itself is chosen by the person; the operator never knows it. Changes nothing but the person's recovery token.
 */
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import { issuePasswordResetAsOperator } from '../src/identity/recovery/issue-password-reset.js';
import { AppError } from '../src/platform/errors.js';
import { reachDatabase } from './reach-database.js';

export interface ResetRequest {
  command: 'reset-password';
  email: string;
  minutes: number; // that the token lasts
  format: 'text' | 'json';
}

const UNDEFINED_FUNCTION = '42883'; // https://www.postgresql.org/docs/17/errcodes-appendix.html

/** Errors: those of the settings and the database; BAD_INPUT, NOT_FOUND (the address); INVALID_STATE (not migrated). */
export async function resetPasswordOf({ email, minutes, format }: ResetRequest): Promise<string> {
  const { urls, stop } = await reachDatabase(loadConfig());
  const client = new pg.Client({ connectionString: urls.owner });
  try {
    await client.connect();
    const sql = {
      query: async <Row>(statement: string | { text: string }, params: readonly unknown[]) => {
        const text = typeof statement === 'string' ? statement : statement.text;
        return (await client.query(text, [...params])).rows as Row[];
      },
    };
    const issued = await issuePasswordResetAsOperator({ sql, clock: () => new Date() }, { email, minutes });
    return format === 'json' ? `${JSON.stringify(issued, null, 2)}\n` : explain(issued, minutes);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== UNDEFINED_FUNCTION) throw cause;
    throw new AppError('INVALID_STATE', 'The database is not up to date with this version.', {
      cause,
      hint: 'Start the server once, or run `npm run migrate`.',
    });
  } finally {
    await client.end();
    await stop();
  }
}

const explain = ({ email, token }: { email: string; token: string }, minutes: number): string =>
  `A recovery token for ${email}. It works once, for ${minutes} minutes; recovery tokens of before no longer do.

  ${token}

Give it to the person, and to nobody else, over a channel on which you know them. They choose the new password with it:

  mutation {
    resetPassword(input: { token: "${token}", newPassword: "at least twelve characters" })
  }

That ends all their sessions. Then they sign in with the new password, and their second factor if it is on.
`;
