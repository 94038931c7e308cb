/**
 * What a forgotten password is recovered with. One a person: issuing another ends the one before. It is stored as a hash
 * (src/migrations/0027_recovery.sql) and shown once to whoever issues it, who passes it on: no mail is sent.
 */
import { newOneTimeToken, RECOVERY_PREFIX } from '../one-time-token.js';

const MINUTE_MS = 60_000;
export const RECOVERY_MINUTES = 60;
export const MAX_RECOVERY_MINUTES = 1_440; // a day

/** The value of GraphQL's PasswordReset. */
export interface PasswordReset {
  token: string;
  expiresAt: Date;
}

export function newPasswordReset(now: Date, minutes = RECOVERY_MINUTES): PasswordReset & { sha256: Buffer } {
  const { text: token, sha256 } = newOneTimeToken(RECOVERY_PREFIX);
  return { token, sha256, expiresAt: new Date(now.getTime() + minutes * MINUTE_MS) };
}
