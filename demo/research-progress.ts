/** Where a research run stands, told from its events alone, as any client could tell it. */
import type { RunEvent } from '../sdk/watch-run.js';

export interface StageProgress {
  name: string;
  status: 'waiting' | 'running' | 'done' | 'failed';
  done: number;
  total: number | null;
  unit: string;
  durationMs: number;
}

export interface ResearchProgress {
  stages: StageProgress[];
  sources: number;
  claims: number;
}

export const beginning = (stages: readonly { name: string }[]): ResearchProgress => ({
  stages: stages.map(({ name }) => ({ name, status: 'waiting', done: 0, total: null, unit: '', durationMs: 0 })),
  sources: 0,
  claims: 0,
});

/** Takes one event into account. A stage that is tried again begins again. */
export function advance(progress: ResearchProgress, event: RunEvent): void {
  const stage = progress.stages.find(({ name }) => name === event.stage);
  switch (event.__typename) {
    case 'StageStarted':
      if (stage) Object.assign(stage, { status: 'running', done: 0, total: null });
      return;
    case 'StageProgressed':
      if (stage) Object.assign(stage, { done: event.done ?? 0, total: event.total, unit: event.unit ?? '' });
      return;
    case 'StageFinished':
      if (stage) Object.assign(stage, { status: 'done', durationMs: event.durationMs ?? 0 });
      return;
    case 'SourceFound':
      progress.sources += 1;
      return;
    case 'ClaimChecked':
      progress.claims += 1;
      return;
    case 'StateChanged':
      if (event.to === 'SUCCEEDED' || event.to === 'QUEUED' || event.to === 'RUNNING') return;
      for (const each of progress.stages) if (each.status === 'running') each.status = 'failed';
      return;
    default:
      return;
  }
}

/** 0 to 1: of the stage, whatever its unit. A stage that counts nothing jumps from 0 to 1. */
export function shareOf({ status, done, total }: StageProgress): number {
  if (status === 'done') return 1;
  return total ? Math.min(1, done / total) : 0;
}
