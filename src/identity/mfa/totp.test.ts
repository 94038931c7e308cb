import { createCipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newRecoveryCodes, RECOVERY_CODES, recoveryCodeHash } from './recovery-code.js';
import { createSealer } from './sealed-secret.js';
import { describeSecret, matchStep, newTotpSecret } from './totp.js';

const SECRET = Buffer.from('12345678901234567890'); // of RFC 6238, appendix B
const shape = { digits: 8, periodSeconds: 30, window: 0 };
const at = (seconds: number) => new Date(seconds * 1000);

describe('one-time codes', () => {
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('of the RFC are read: at %i s it is %s', (seconds, code) => {
    expect(matchStep(SECRET, code, { ...shape, at: at(seconds) })).toBe(Math.floor(seconds / 30));
  });

  test('are taken one period early or late with a window of one, and name the step they are of', () => {
    const now = 1_111_111_111;
    const step = Math.floor(now / 30);
    const within = (seconds: number, window: number) =>
      matchStep(SECRET, '14050471', { ...shape, window, at: at(seconds) });
    expect([within(now - 30, 1), within(now, 1), within(now + 30, 1)]).toEqual([step, step, step]);
    expect([within(now - 60, 1), within(now + 60, 1), within(now + 30, 0)]).toEqual([undefined, undefined, undefined]);
    expect(within(now + 60, 2)).toBe(step);
  });

  test.each(['', '1405047', '140504710', '1405047x', '-4050471', '１４０５０４７１', 'x'.repeat(100_000)])(
    'of the wrong shape are none: %j',
    (code) => {
      expect(matchStep(SECRET, code, { ...shape, at: at(1_111_111_111) })).toBeUndefined();
    },
  );

  test('are set up by a URI, a picture of it and a secret to type', () => {
    const secret = newTotpSecret();
    expect(secret).toHaveLength(20);
    const settings = { digits: 6, periodSeconds: 30, issuer: 'Lab & Co', account: 'ada@example.org' };
    const { secret: typed, otpauthUri, qrSvg } = describeSecret(secret, settings);
    const uri = new URL(otpauthUri);
    expect(decodeURIComponent(uri.pathname)).toContain('Lab & Co:ada@example.org');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Lab & Co',
      secret: typed,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(typed).toMatch(/^[A-Z2-7]{32}$/);
    expect(qrSvg).toMatch(/^<svg [^>]*>.*<\/svg>\s*$/s);
    expect(qrSvg).not.toMatch(/script|href|foreignObject/i);
  });
});

describe('a sealed secret', () => {
  const sealer = createSealer('k'.repeat(32));
  const sealed = sealer.seal(SECRET, 'ada');

  test('opens for its owner, and never looks the same twice', () => {
    expect(sealer.open(sealed, 'ada')).toEqual(SECRET);
    expect(sealer.seal(SECRET, 'ada')).not.toEqual(sealed);
    expect(sealed.includes(SECRET)).toBe(false);
  });

  test.each<[string, () => unknown]>([
    ['for somebody else', () => sealer.open(sealed, 'bob')],
    ['with another key', () => createSealer('x'.repeat(32)).open(sealed, 'ada')],
    [
      'with a bit changed',
      () => sealer.open(Buffer.from(sealed.map((byte, i) => (i === 35 ? byte ^ 1 : byte))), 'ada'),
    ],
    ['with a short tag', () => sealer.open(sealed.subarray(0, 20), 'ada')],
    ['of another version', () => sealer.open(Buffer.concat([Buffer.of(3), sealed.subarray(1)]), 'ada')],
    ['that is empty', () => sealer.open(Buffer.alloc(0), 'ada')],
  ])('does not open %s', (_what, open) => {
    expect(open).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }));
  });

  const rotated = createSealer('x'.repeat(32), ['k'.repeat(32), 'y'.repeat(32)]);

  test('of an earlier key opens while that is kept, and is told from one that was altered once it is dropped', () => {
    expect(rotated.open(sealed, 'ada')).toEqual(SECRET);
    expect(() => createSealer('x'.repeat(32)).open(sealed, 'ada')).toThrow(/sealed with a secret key that the server/);
    expect(() => rotated.open(sealed, 'bob')).toThrow(/was altered/);
    expect(() => sealer.open(rotated.seal(SECRET, 'ada'), 'ada')).toThrow(/sealed with a secret key that the server/);
  });

  test('of before keys had ids opens with whichever key it was sealed with', () => {
    const key = Buffer.from(hkdfSync('sha256', 'k'.repeat(32), '', 'paperwright second factors', 32));
    const nonce = Buffer.alloc(12, 5);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('ada'));
    const text = Buffer.concat([cipher.update(SECRET), cipher.final()]);
    const old = Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), text]);
    expect([sealer.open(old, 'ada'), rotated.open(old, 'ada')]).toEqual([SECRET, SECRET]);
    expect(() => rotated.open(old, 'bob')).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }));
  });
});

describe('recovery codes', () => {
  test('are ten different ones that can be read off paper', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(RECOVERY_CODES);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
  });

  test('are the same in capitals, without dashes and with spaces, and another for another person', () => {
    const [code = ''] = newRecoveryCodes();
    const hash = recoveryCodeHash('ada', code);
    expect(hash).toHaveLength(32);
    expect(recoveryCodeHash('ada', ` ${code.toUpperCase().replaceAll('-', ' ')} `)).toEqual(hash);
    expect(recoveryCodeHash('bob', code)).not.toEqual(hash);
    expect(recoveryCodeHash('ada', '123456')).toBeUndefined();
  });
});
