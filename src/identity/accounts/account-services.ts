/** What the composition root gives to accounts: how people may come in, and what proves a second factor. */
import type { VerifyGoogleToken } from '../google/google-id-token.js';
import type { Sealer } from '../mfa/sealed-secret.js';

export interface SecondFactorSettings {
  issuer: string; // the name under which the code stands in the person's app
  periodSeconds: number;
  digits: number;
  /** Periods before and after the present one whose codes are taken too. */
  window: number;
  challengeMs: number;
}

export interface AccountServices {
  registrationOpen: boolean;
  secondFactor: SecondFactorSettings;
  sealer: Sealer;
  /** Null: not set up. `linksByAddress`: a verified address is enough to enter the account of that address. */
  google: { verify: VerifyGoogleToken; linksByAddress: boolean } | null;
}

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    accounts: AccountServices;
  }
}
