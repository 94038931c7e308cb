/** Turns the database's refusal of a second account for an address into CONFLICT; rethrows everything else. */
import { AppError } from '../../platform/errors.js';

const UNIQUE_VIOLATION = '23505'; // https://www.postgresql.org/docs/17/errcodes-appendix.html

export const emailTaken =
  (email: string) =>
  (cause: unknown): never => {
    const { code, constraint } = (cause ?? {}) as { code?: unknown; constraint?: unknown };
    if (code !== UNIQUE_VIOLATION || constraint !== 'users_email') throw cause;
    throw new AppError('CONFLICT', `There is already an account for ${email}.`, {
      cause,
      hint: 'Sign in with it, or use another address.',
    });
  };
