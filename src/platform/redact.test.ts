import { describe, expect, it } from 'vitest';
import { createLog } from './log.js';

const lines: string[] = [];
const log = createLog('test', 'debug', {
  secrets: ['own "secret" key'],
  destination: { write: (line) => void lines.push(line) },
});
const logged = (write: () => void): string => {
  lines.length = 0;
  write();
  for (const line of lines) JSON.parse(line); // still JSON
  return lines.join('');
};

const TOKEN = `pw_${'A'.repeat(43)}`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3JfMDEifQ.c2lnbmF0dXJlLW9mLWl0';

describe('a line of the log', () => {
  it.each([
    ['a key in a message', () => log.info(`sent ${TOKEN} twice`), TOKEN],
    ['a session in a field', () => log.info({ deep: { er: [`pws_${'b'.repeat(43)}`] } }, 'x'), 'bbbb'],
    ['a JWT in a header', () => log.info({ headers: { authorization: `Bearer ${JWT}` } }, 'x'), JWT],
    ['a JWT alone', () => log.info(`token ${JWT}.`), 'eyJ'],
    ['a cookie', () => log.info({ cookie: '__Host-refresh=abcdefgh; theme=dark' }, 'x'), 'abcdefgh'],
    ['X-API-Key', () => log.info({ headers: { 'x-api-key': 'short-but-ours' } }, 'x'), 'short-but-ours'],
    ['a password in an object', () => log.info({ input: { password: 'hunter2 "quoted"' } }, 'x'), 'hunter2'],
    ['a password in a message', () => log.info('got { email: "a@b.cc", password: "hunter2" }'), 'hunter2'],
    ['a password as JSON in a message', () => log.info(JSON.stringify({ newPassword: 'hun"ter2' })), 'ter2'],
    ['recovery codes', () => log.info({ recoveryCodes: 'abcd-efgh' }, 'x'), 'abcd-efgh'],
    ['a signed link', () => log.info({ url: 'http://x/blobs/a?expires=9&signature=Zm9v_-x' }, 'x'), 'Zm9v'],
    ['a link to S3', () => log.info('GET https://s/b?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=f00d'), 'f00d'],
    ['an otpauth URI', () => log.info('otpauth://totp/P:a?secret=JBSWY3DPEHPK3PXP&issuer=P'), 'JBSWY3DP'],
    ['a database address', () => log.info('cannot reach postgres://pw_app:s3cr3t@db/pw'), 's3cr3t'],
    ["a provider's key", () => log.info('401 for sk-proj-0123456789abcdefXYZ'), '0123456789'],
    ["the installation's own key", () => log.info({ a: 'own "secret" key' }, 'x'), 'own '],
    ['the cause of an error', () => log.error({ err: new Error('a', { cause: new Error(`b ${TOKEN}`) }) }, 'x'), TOKEN],
    ["an error's own property", () => log.error({ err: Object.assign(new Error('a'), { token: 'opaque' }) }), 'opaque'],
    ['the binding of a child', () => log.child({ authorization: 'Basic dXNlcjpwYXNz' }).info('x'), 'dXNlcjpwYXNz'],
  ])('keeps no secret: %s', (_what, write, secret) => {
    const text = logged(write);
    expect(text).toContain('redacted');
    expect(text).not.toContain(secret);
  });

  it('keeps what is no secret', () => {
    const facts = { code: 'BAD_INPUT', url: 'http://x/runs/run_01?first=10', role: 'pw_app', maxTokens: 1000 };
    expect(JSON.parse(logged(() => log.info(facts, 'The token is unknown.')))).toMatchObject({
      ...facts,
      msg: 'The token is unknown.',
    });
  });
});
