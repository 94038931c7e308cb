/** What makes and reads credentials, opened once for an API process from its settings. */
import type { LocalIdentitySettings } from '../sessions/local-identity.js';
import { type RefreshCookieSettings } from '../sessions/refresh-cookie.js';
import { type AccessTokens, createAccessTokens } from './access-token.js';
import { createExternalIssuer, type ExternalIssuer, type ExternalIssuerOptions } from './external-issuer.js';
import { createRefreshTokens, type RefreshTokens } from './refresh-token.js';
import { type SecretSources, secretKeys } from './signing-keys.js';

export interface AuthSettings {
  issuer: string;
  accessTokenMs: number;
  refreshTokenMs: number;
  clockSkewS: number;
  accessSecrets: SecretSources;
  refreshSecrets: SecretSources;
  external: Pick<ExternalIssuerOptions, 'issuer' | 'jwksUrl' | 'audience'> | null;
  refreshCookie: RefreshCookieSettings;
  local: LocalIdentitySettings;
}

export interface AuthServices {
  access: AccessTokens;
  refresh: RefreshTokens;
  /** How long a session lasts from its last renewal on. */
  refreshTokenMs: number;
  external: ExternalIssuer | null;
  refreshCookie: RefreshCookieSettings;
  local: LocalIdentitySettings;
}

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    auth: AuthServices;
  }
}

export function openAuthServices(settings: AuthSettings): AuthServices {
  const { issuer, clockSkewS, external } = settings;
  return {
    access: createAccessTokens({
      keys: secretKeys('access-token', settings.accessSecrets),
      issuer,
      lifetimeMs: settings.accessTokenMs,
      clockSkewS,
    }),
    refresh: createRefreshTokens(secretKeys('refresh-token', settings.refreshSecrets)),
    refreshTokenMs: settings.refreshTokenMs,
    external: external && createExternalIssuer({ ...external, clockSkewS }),
    refreshCookie: settings.refreshCookie,
    local: settings.local,
  };
}
