import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';

const DATA_DIR = mkdtempSync(path.join(os.tmpdir(), 'paperwright-config-auth-'));
const SECRET = 'a secret of thirty-two characters';
const auth = (env: NodeJS.ProcessEnv = {}) => loadConfig({ DATA_DIR, SECRET_KEY: SECRET, ...env }).auth;
const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    auth(env);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('a local identity', () => {
  it.each([
    ['DEV_BYPASS_AUTH', 'true'],
    ['AUTH_REQUIRED', 'false'],
  ])('%s=%s is refused at the start on an address that others can reach', (name, value) => {
    for (const HOST of ['0.0.0.0', '::', '192.168.1.7', 'papers.example.org', '127.0.0.1.example.org']) {
      expect(problemsOf({ [name]: value, HOST })).toEqual([
        `${name} may be ${value} only where HOST is a loopback address such as 127.0.0.1, but HOST is "${HOST}".`,
      ]);
    }
    for (const HOST of ['', '127.0.0.1', '127.8.0.1', 'localhost', '::1']) {
      expect(problemsOf({ [name]: value, HOST })).toEqual([]);
    }
  });

  it('is off unless it is asked for', () => {
    expect(auth().local).toEqual({ byHeaders: false, anonymous: false });
    expect(auth({ DEV_BYPASS_AUTH: 'true', AUTH_REQUIRED: 'false' }).local).toEqual({
      byHeaders: true,
      anonymous: true,
    });
  });
});

describe('the refresh cookie', () => {
  const cookie = (env: NodeJS.ProcessEnv) => auth(env).refreshCookie;

  it('is Secure, and named so, wherever others can reach the API; not on a machine of one’s own without TLS', () => {
    const secure = { name: '__Host-paperwright_refresh', secure: true, sameSite: 'Strict' };
    expect(cookie({ HOST: '0.0.0.0' })).toEqual(secure);
    expect(cookie({ PUBLIC_URL: 'https://papers.example.org' })).toEqual(secure);
    expect(cookie({ AUTH_REFRESH_COOKIE_SECURE: 'true' })).toEqual(secure);
    expect(cookie({})).toEqual({ name: 'paperwright_refresh', secure: false, sameSite: 'Strict' });
  });

  it('takes another name, which gets the prefix as well', () => {
    expect(cookie({ AUTH_REFRESH_COOKIE_NAME: 'session', HOST: '0.0.0.0' }).name).toBe('__Host-session');
    expect(cookie({ AUTH_REFRESH_COOKIE_NAME: '__Host-session', HOST: '0.0.0.0' }).name).toBe('__Host-session');
    expect(cookie({ AUTH_REFRESH_COOKIE_NAME: 'session' }).name).toBe('session');
  });

  it('is refused in a form that browsers would not keep', () => {
    expect(problemsOf({ AUTH_REFRESH_COOKIE_SAMESITE: 'none' })).toHaveLength(1);
    expect(problemsOf({ AUTH_REFRESH_COOKIE_NAME: '__Host-x' })).toHaveLength(1);
    expect(problemsOf({ AUTH_REFRESH_COOKIE_NAME: 'a; Domain=x', AUTH_REFRESH_COOKIE_SAMESITE: 'maybe' })).toHaveLength(
      2,
    );
  });
});

describe('secrets', () => {
  it('are at least 32 characters long each, and in no message', () => {
    const names = ['AUTH_JWT_SECRET', 'AUTH_JWT_PREVIOUS_SECRETS', 'AUTH_REFRESH_TOKEN_SECRET', 'PREVIOUS_SECRET_KEYS'];
    const problems = problemsOf(Object.fromEntries(names.map((name) => [name, `${SECRET},tooshort`.slice(-8)])));
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain('tooshort');
  });

  it('are handed on as they were given, earlier ones too', () => {
    const given = auth({
      AUTH_JWT_SECRET: SECRET,
      AUTH_JWT_PREVIOUS_SECRETS: `${SECRET}1, ${SECRET}2`,
      PREVIOUS_SECRET_KEYS: `${SECRET}3`,
    });
    expect(given.accessSecrets).toEqual({
      own: SECRET,
      ownPrevious: [`${SECRET}1`, `${SECRET}2`],
      root: SECRET,
      rootPrevious: [`${SECRET}3`],
    });
    expect(given.refreshSecrets).toEqual({
      own: undefined,
      ownPrevious: [],
      root: SECRET,
      rootPrevious: [`${SECRET}3`],
    });
  });
});

describe('another issuer', () => {
  const all = {
    AUTH_EXTERNAL_ISSUER: 'https://id.example.org/',
    AUTH_EXTERNAL_JWKS_URL: 'https://id.example.org/keys',
    AUTH_EXTERNAL_AUDIENCE: 'papers',
  };

  it('is trusted when its name, keys and audience are known, and not before', () => {
    expect(auth().external).toBeNull();
    expect(auth(all).external).toEqual({
      issuer: 'https://id.example.org/',
      jwksUrl: 'https://id.example.org/keys',
      audience: 'papers',
    });
    for (const name of Object.keys(all)) expect(problemsOf({ ...all, [name]: '' })).toHaveLength(1);
  });

  it('is not this one, and its keys come over https', () => {
    expect(problemsOf({ ...all, AUTH_EXTERNAL_ISSUER: 'paperwright' })).toHaveLength(1);
    expect(problemsOf({ ...all, AUTH_EXTERNAL_JWKS_URL: 'http://id.example.org/keys' })).toHaveLength(1);
    expect(problemsOf({ ...all, AUTH_EXTERNAL_JWKS_URL: 'http://127.0.0.1:9000/keys' })).toEqual([]);
  });
});
