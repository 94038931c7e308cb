import { expect, test } from 'vitest';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { EventBuffer } from './event-buffer.js';

const line = (message: string): RunEventDraft => ({ type: 'LOG_LINE', message, payload: {} });
const messages = (events: readonly RunEventDraft[]) => events.map((event) => event.message);

function bufferOf(...lines: string[]): EventBuffer {
  const buffer = new EventBuffer(10);
  for (const text of lines) buffer.add(line(text));
  return buffer;
}

test('a batch whose commit broke off is forgotten when the run’s last seq shows that it was stored', () => {
  const buffer = bufferOf('a', 'b');
  buffer.owed(10);
  buffer.unknown(2);
  buffer.add(line('c'));
  expect(messages(buffer.owed(12))).toEqual(['c']);
});

test('a batch whose commit broke off is sent again when it was not stored', () => {
  const buffer = bufferOf('a', 'b');
  buffer.owed(10);
  buffer.unknown(2);
  expect(messages(buffer.owed(10))).toEqual(['a', 'b']);
});

test('a try that broke off before it sent anything does not make the buffer forget an earlier one', () => {
  const buffer = bufferOf('a', 'b');
  buffer.owed(10);
  buffer.unknown(2); // stored, as the next look at the run shows
  buffer.unknown(0); // the next try found no connection
  expect(messages(buffer.owed(12))).toEqual([]);
});

test('a stage that runs on while nothing can be stored is told to come again, not to fail for good', () => {
  const buffer = new EventBuffer(0);
  const fill = () => {
    for (let i = 0; i <= 5_000; i++) buffer.add(line(`${i}`));
  };
  expect(fill).toThrow(expect.objectContaining({ code: 'UNAVAILABLE', retryable: true }));
});
