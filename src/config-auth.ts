/** From the variables AUTH_… and DEV_… to how credentials are made and read; what cannot be together is a problem each. */
import type { ConfigName, ConfigValues } from './config-variables.js';
import type { LocalIdentitySettings } from './identity/sessions/local-identity.js';
import type { RefreshCookieSettings } from './identity/sessions/refresh-cookie.js';
import type { AuthSettings } from './identity/tokens/auth-services.js';
import { isLoopbackHost } from './platform/loopback.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' } as const;

export function checkAuth(values: Partial<ConfigValues>, problems: string[]): void {
  const { HOST: host = '' } = values;
  const local = isLoopbackHost(host);
  const notHere = `only where HOST is a loopback address such as 127.0.0.1, but HOST is "${host}"`;
  if (values.DEV_BYPASS_AUTH && !local) problems.push(`DEV_BYPASS_AUTH may be true ${notHere}.`);
  if (values.AUTH_REQUIRED === false && !local) problems.push(`AUTH_REQUIRED may be false ${notHere}.`);
  const external = EXTERNAL.filter((name) => values[name]);
  if (external.length > 0 && external.length < EXTERNAL.length)
    problems.push(`${EXTERNAL.join(', ')} go together: set all three, or none.`);
  if (values.AUTH_EXTERNAL_ISSUER && values.AUTH_EXTERNAL_ISSUER === values.AUTH_JWT_ISSUER)
    problems.push('AUTH_EXTERNAL_ISSUER must be another than AUTH_JWT_ISSUER.');
  const keys = values.AUTH_EXTERNAL_JWKS_URL;
  if (keys?.startsWith('http:') && !isLoopbackHost(new URL(keys).hostname))
    problems.push(
      'AUTH_EXTERNAL_JWKS_URL must begin with https://, or anybody on the way could give keys of their own.',
    );
  if (!isSecure(values) && values.AUTH_REFRESH_COOKIE_SAMESITE === 'none')
    problems.push('AUTH_REFRESH_COOKIE_SAMESITE may be none only with AUTH_REFRESH_COOKIE_SECURE=true.');
  if (!isSecure(values) && values.AUTH_REFRESH_COOKIE_NAME?.startsWith('__'))
    problems.push('AUTH_REFRESH_COOKIE_NAME may begin with __ only with AUTH_REFRESH_COOKIE_SECURE=true.');
}

const EXTERNAL = [
  'AUTH_EXTERNAL_ISSUER',
  'AUTH_EXTERNAL_JWKS_URL',
  'AUTH_EXTERNAL_AUDIENCE',
] as const satisfies readonly ConfigName[];

/** `secretKey`: the installation's. */
export function authSettings(values: ConfigValues, secretKey: string): AuthSettings {
  const { AUTH_EXTERNAL_ISSUER: issuer, AUTH_EXTERNAL_JWKS_URL: jwksUrl, AUTH_EXTERNAL_AUDIENCE: audience } = values;
  const installation = { root: secretKey, rootPrevious: values.PREVIOUS_SECRET_KEYS };
  return {
    issuer: values.AUTH_JWT_ISSUER,
    accessTokenMs: values.AUTH_ACCESS_TOKEN_MINUTES * MINUTE_MS,
    refreshTokenMs: values.AUTH_REFRESH_TOKEN_DAYS * DAY_MS,
    clockSkewS: values.AUTH_CLOCK_SKEW_SECONDS,
    accessSecrets: { own: values.AUTH_JWT_SECRET, ownPrevious: values.AUTH_JWT_PREVIOUS_SECRETS, ...installation },
    refreshSecrets: {
      own: values.AUTH_REFRESH_TOKEN_SECRET,
      ownPrevious: values.AUTH_REFRESH_TOKEN_PREVIOUS_SECRETS,
      ...installation,
    },
    external: issuer && jwksUrl && audience ? { issuer, jwksUrl, audience } : null,
    refreshCookie: refreshCookie(values),
    local: localIdentity(values),
  };
}

function refreshCookie(values: ConfigValues): RefreshCookieSettings {
  const secure = isSecure(values);
  const name = values.AUTH_REFRESH_COOKIE_NAME;
  return {
    name: secure && !name.startsWith('__Host-') ? `__Host-${name}` : name,
    secure,
    sameSite: SAME_SITE[values.AUTH_REFRESH_COOKIE_SAMESITE],
  };
}

/** Browsers keep no Secure cookie of plain HTTP, so a machine's own server without TLS has to do without. */
const isSecure = ({ AUTH_REFRESH_COOKIE_SECURE: asked, HOST: host = '', PUBLIC_URL: url }: Partial<ConfigValues>) =>
  asked ?? (url?.startsWith('https:') || !isLoopbackHost(host));

const localIdentity = (values: ConfigValues): LocalIdentitySettings => ({
  byHeaders: values.DEV_BYPASS_AUTH,
  anonymous: !values.AUTH_REQUIRED,
});
