import { expect, it } from 'vitest';
import type { RunEvent } from '../sdk/watch-run.js';
import { advance, beginning, shareOf } from './research-progress.js';

const progressAfter = (...events: object[]) => {
  const progress = beginning([{ name: 'retrieve' }, { name: 'draft' }]);
  for (const event of events) advance(progress, event as RunEvent);
  return progress;
};
const started = { __typename: 'StageStarted', stage: 'retrieve', attempt: 1 };
const halfway = { __typename: 'StageProgressed', stage: 'retrieve', done: 3, total: 6, unit: 'sources' };

it('follows a stage from its start over its progress to its end', () => {
  const finished = { __typename: 'StageFinished', stage: 'retrieve', durationMs: 40 };
  const [running, waiting] = progressAfter(started, halfway).stages;
  expect(running).toMatchObject({ status: 'running', done: 3, total: 6, unit: 'sources' });
  expect(running && shareOf(running)).toBe(0.5);
  expect(waiting).toMatchObject({ status: 'waiting' });
  const [done] = progressAfter(started, halfway, finished).stages;
  expect(done).toMatchObject({ status: 'done', durationMs: 40 });
  expect(done && shareOf(done)).toBe(1);
});

it('begins a stage again that is tried again', () => {
  const [stage] = progressAfter(started, halfway, started).stages;
  expect(stage).toMatchObject({ status: 'running', done: 0 });
});

it('marks the stage in which the run ended without success', () => {
  const [stage] = progressAfter(started, { __typename: 'StateChanged', from: 'RUNNING', to: 'FAILED' }).stages;
  expect(stage).toMatchObject({ status: 'failed' });
});

it('counts sources and claims, and passes over events that came later than this program', () => {
  const found = { __typename: 'SourceFound' };
  const progress = progressAfter(found, found, { __typename: 'ClaimChecked' }, { __typename: 'SomethingNew' });
  expect(progress).toMatchObject({ sources: 2, claims: 1 });
});
