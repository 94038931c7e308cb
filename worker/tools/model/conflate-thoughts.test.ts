import { expect, it } from 'vitest';
import { conflateThoughts } from './conflate-thoughts.js';

const open = () => {
  const time = { ms: 0 };
  const emitted: string[] = [];
  const thoughts = conflateThoughts(
    (text) => emitted.push(text),
    () => time.ms,
  );
  return { time, emitted, thoughts };
};

it('lets out at most one thought a second, and the rest at the end', () => {
  const { time, emitted, thoughts } = open();
  for (const word of 'first I read the passages then I sort them'.split(' ')) {
    time.ms += 300;
    thoughts.add(`${word} `);
  }
  thoughts.end();
  expect(emitted).toEqual(['first I read the', 'passages then I sort', 'them']);
});

it('bounds how long and how many they are', () => {
  const { time, emitted, thoughts } = open();
  for (let i = 0; i < 1_000; i++) {
    time.ms += 1_000;
    thoughts.add('x'.repeat(5_000));
  }
  thoughts.end();
  expect(emitted).toHaveLength(40);
  expect(Math.max(...emitted.map((text) => text.length))).toBeLessThanOrEqual(1_000);
});
