/** One-time codes by time (RFC 6238, HMAC-SHA-1 as every authenticator app has it). Pure: the caller brings the time. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { encodeQR } from 'qr';

const SECRET_BYTES = 20; // RFC 4226, section 4, R6: 160 bits recommended

export interface TotpShape {
  digits: number;
  periodSeconds: number;
}

export const newTotpSecret = (): Buffer => randomBytes(SECRET_BYTES);

/**
 * The step (periods since 1970) whose code this is, at most `window` steps from now; undefined when it is none. A step whose
 * code has been taken must not be taken again: the caller remembers it.
 */
export function matchStep(
  secret: Uint8Array,
  code: string,
  { digits, periodSeconds, window, at }: TotpShape & { window: number; at: Date },
): number | undefined {
  if (!/^\d+$/.test(code) || code.length !== digits) return undefined;
  const timestamp = at.getTime();
  const delta = TOTP.validate({
    token: code,
    secret: asSecret(secret),
    digits,
    period: periodSeconds,
    timestamp,
    window,
  });
  return delta === null ? undefined : TOTP.counter({ period: periodSeconds, timestamp }) + delta;
}

export interface TotpEnrollment {
  secret: string; // base32, for typing
  otpauthUri: string; // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
  qrSvg: string; // of the URI
}

export function describeSecret(
  secret: Uint8Array,
  { digits, periodSeconds, issuer, account }: TotpShape & { issuer: string; account: string },
): TotpEnrollment {
  const totp = new TOTP({ issuer, label: account, secret: asSecret(secret), digits, period: periodSeconds });
  const otpauthUri = totp.toString();
  return { secret: totp.secret.base32, otpauthUri, qrSvg: encodeQR(otpauthUri, 'svg') };
}

const asSecret = (bytes: Uint8Array): Secret => new Secret({ buffer: Uint8Array.from(bytes).buffer });
