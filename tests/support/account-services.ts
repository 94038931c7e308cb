/** What accounts need, with the defaults of src/config-variables.ts. */
import type { AccountServices } from '../../src/identity/accounts/account-services.js';
import { createSealer } from '../../src/identity/mfa/sealed-secret.js';

export const TEST_SEALING_KEY = 'the secret key of a test, 32 characters or more';

export const testAccounts = (other: Partial<AccountServices> = {}): AccountServices => ({
  registrationOpen: true,
  secondFactor: { issuer: 'Paperwright', periodSeconds: 30, digits: 6, window: 1, challengeMs: 300_000 },
  sealer: createSealer(TEST_SEALING_KEY),
  google: null,
  ...other,
});
