/** Reads a code against a person's second factor. What it proves must still be spent: each code counts once. */
import type { AccountServices } from '../accounts/account-services.js';
import { recoveryCodeHash } from './recovery-code.js';
import { matchStep } from './totp.js';

export interface StoredFactor {
  userId: string;
  sealedSecret: Uint8Array;
  digits: number;
  periodSeconds: number;
}

/** The arguments of `spend_my_code` and `pass_mfa_challenge`. */
export type Proof = readonly [step: number, recoveryHash: null] | readonly [step: null, recoveryHash: Buffer];

export function proveByCode(
  { sealer, secondFactor }: AccountServices,
  factor: StoredFactor,
  code: string,
  at: Date,
): Proof | undefined {
  const secret = sealer.open(factor.sealedSecret, factor.userId);
  const digits = code.slice(0, 64).replace(/\s/g, '');
  const step = matchStep(secret, digits, { ...factor, window: secondFactor.window, at });
  return step === undefined ? undefined : [step, null];
}

export function proveByRecoveryCode(userId: string, text: string): Proof | undefined {
  const hash = recoveryCodeHash(userId, text);
  return hash && [null, hash];
}
