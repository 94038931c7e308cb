import { expect, test } from 'vitest';
import { boundPayload } from './bound-payload.js';

test('a payload of usual size is left as it is', () => {
  const payload = { tool: 'search', input: { query: 'x'.repeat(2_000), pages: [1, null, true] }, at: null };
  expect(boundPayload(payload)).toEqual(payload);
});

test('long text is cut wherever it stands, and says so', () => {
  const bounded = boundPayload({ line: 'x'.repeat(1_000_000), input: { texts: ['y'.repeat(5_000)] } });
  expect(bounded).toEqual({ line: `${'x'.repeat(1_999)}…`, input: { texts: [`${'y'.repeat(1_999)}…`] } });
});

test('of a payload that is still too large only the small fields stay', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key ${i}`, i]));
  expect(boundPayload({ tool: 'fetch', durationMs: 5, input: many })).toEqual({
    tool: 'fetch',
    durationMs: 5,
    truncated: true,
  });
  expect(boundPayload(many)).toEqual({ truncated: true });
});
