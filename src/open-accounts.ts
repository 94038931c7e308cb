/** From the settings to what accounts need: the key that seals second factors, and whoever reads Google's tokens. */
import type { Config } from './config.js';
import type { AccountServices } from './identity/accounts/account-services.js';
import { googleVerifier } from './identity/google/google-id-token.js';
import { createSealer } from './identity/mfa/sealed-secret.js';

export function openAccounts({ accounts, secretKey }: Pick<Config, 'accounts' | 'secretKey'>): AccountServices {
  const { registrationOpen, secondFactor, google } = accounts;
  return {
    registrationOpen,
    secondFactor,
    sealer: createSealer(secretKey),
    google: google && { verify: googleVerifier(google), linksByAddress: google.linksByAddress },
  };
}
