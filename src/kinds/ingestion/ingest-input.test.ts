import { expect, test } from 'vitest';
import { encodeId, newId } from '../../platform/ids.js';
import { readIngestInput } from './ingest-input.js';

const read = (url: string) =>
  readIngestInput({ projectId: encodeId('proj', newId()), text: 'Roofs hold rain.', url }).facts.url;

test.each(['javascript:alert(1)', '//example.org', 'https://', 'http://[::1', 'https://a b/'])(
  'the url %s is refused as no address',
  (url) => {
    expect(() => read(url)).toThrow('whole address');
  },
);

test('a url with credentials is refused, for reports print it', () => {
  expect(() => read('https://ada:secret@example.org/paper')).toThrow('password');
});

test('an address is kept as it was sent', () => {
  expect(read(' https://example.org/Paper%20one?v=2 ')).toBe('https://example.org/Paper%20one?v=2');
});
