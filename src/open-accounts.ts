/** From the settings to what accounts need: the key that seals second factors, and whoever reads Google's tokens. */
import type { Config } from './config.js';
import type { AccountServices } from './identity/accounts/account-services.js';
import { googleVerifier } from './identity/google/google-id-token.js';
import { createSealer, type Sealer } from './identity/mfa/sealed-secret.js';
import type { InstallationSecrets } from './secret-key.js';

export function openAccounts(config: Pick<Config, 'accounts' | 'secretKey' | 'previousSecretKeys'>): AccountServices {
  const { registrationOpen, secondFactor, google } = config.accounts;
  return {
    registrationOpen,
    secondFactor,
    sealer: openSealer(config),
    google: google && { verify: googleVerifier(google), linksByAddress: google.linksByAddress },
  };
}

export const openSealer = ({ secretKey, previousSecretKeys }: InstallationSecrets): Sealer =>
  createSealer(secretKey, previousSecretKeys);
