import { describe, expect, it, vi } from 'vitest';
import { createRenewal, readAccessToken } from './renewal.js';
import { PlaygroundSession } from './session.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE_MS = 60_000;

const tokenOf = (sub: string, endsInMs: number, jti = '1') =>
  `h.${btoa(JSON.stringify({ sub, tenant_id: 'ten_1', exp: (NOW + endsInMs) / 1000, jti }))
    .replaceAll('+', '-')
    .replaceAll('/', '_')}.s`;

function signedInWith(accessToken: string): PlaygroundSession {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  const session = new PlaygroundSession(storage as unknown as Storage);
  session.signIn({ accessToken, email: 'ada@example.org' });
  session.remember({ projectId: 'proj_1' });
  return session;
}

const answering = (accessToken: string | null) =>
  vi.fn(async () => ({ data: { refreshSession: accessToken && { accessToken } } }));

describe('the renewal of a session', () => {
  it('happens in the last minute of a token, once for all who wait, and keeps what is known', async () => {
    const session = signedInWith(tokenOf('ada', 59_000));
    const next = tokenOf('ada', 30 * MINUTE_MS, '2');
    const send = answering(next);
    const renewal = createRenewal(session, send, () => NOW);
    await Promise.all([renewal.whenDue(), renewal.whenDue()]);
    await renewal.whenDue();
    expect(send).toHaveBeenCalledTimes(1);
    expect(session.read()).toEqual({
      signedIn: { accessToken: next, email: 'ada@example.org' },
      expired: false,
      known: { projectId: 'proj_1' },
    });
  });

  it.each([
    ['the server refuses it', null],
    ["the cookie is another person's by now", tokenOf('grace', 30 * MINUTE_MS)],
  ])('ends the session when %s', async (_name, token) => {
    const session = signedInWith(tokenOf('ada', 0));
    expect(await createRenewal(session, answering(token), () => NOW).now()).toBe(false);
    expect(session.read()).toMatchObject({ signedIn: undefined, expired: true });
  });

  it('leaves everything as it is while the server is not reached', async () => {
    const session = signedInWith(tokenOf('ada', 0));
    const away = async () => {
      throw new TypeError('Failed to fetch');
    };
    await createRenewal(session, away, () => NOW).whenDue();
    expect(session.read().signedIn?.email).toBe('ada@example.org');
  });

  it('is nothing for an API key and for nobody', async () => {
    const send = answering(null);
    await createRenewal(signedInWith('pw_key'), send, () => NOW).whenDue();
    expect(send).not.toHaveBeenCalled();
    expect(readAccessToken('pw_key')).toBeUndefined();
  });
});
