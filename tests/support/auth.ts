/** How credentials are made and read in tests: with a secret that all test APIs and benches share. */
import type { AuthSettings } from '../../src/identity/tokens/auth-services.js';
import { type AuthServices, openAuthServices } from '../../src/identity/tokens/auth-services.js';
import type { Actor } from '../../src/platform/database/actor.js';

const TEST_SECRET_KEY = 'the secret of all tests, of 32 characters and more';
const SECRETS = { own: undefined, ownPrevious: [], root: TEST_SECRET_KEY, rootPrevious: [] };

/** The defaults of src/config-variables.ts on a machine of one's own. */
export const TEST_AUTH: AuthSettings = {
  issuer: 'paperwright',
  accessTokenMs: 30 * 60_000,
  refreshTokenMs: 14 * 86_400_000,
  clockSkewS: 60,
  accessSecrets: SECRETS,
  refreshSecrets: SECRETS,
  external: null,
  refreshCookie: { name: 'paperwright_refresh', secure: false, sameSite: 'Strict' },
  local: { byHeaders: false, anonymous: false },
};

export const testAuth = (settings: Partial<AuthSettings> = {}): AuthServices =>
  openAuthServices({ ...TEST_AUTH, ...settings });

/** An access token for the session of `actor`, for those who come over HTTP or a socket to a test API. */
export const accessTokenFor = async (actor: Actor): Promise<string> => (await testAuth().access.issue(actor)).text;
