/** What can be seen of a stage from outside: its span, the ids in each log line it causes, its time and its outcome. */
import { runSql } from '../../src/platform/database/sql.js';
import { encodeId } from '../../src/platform/ids.js';
import { withFacts } from '../../src/platform/telemetry/facts.js';
import { inSpan } from '../../src/platform/telemetry/tracing.js';
import { isTerminal, type RunStatus } from '../../src/runs/run-status.js';
import type { StageOutcome } from '../stage-metrics.js';
import type { Claim } from './claim-stage.js';
import type { Engine } from './engine.js';

export async function observeStage(engine: Engine, claim: Claim, work: () => Promise<StageOutcome>): Promise<void> {
  const { run, stage, attempt } = claim;
  const ids = { tenantId: encodeId('ten', run.tenantId), runId: encodeId('run', run.id) };
  const attributes = { ...ids, 'run.kind': run.kind, 'stage.name': stage, 'stage.attempt': attempt };
  await withFacts({ ...ids, stage, attempt }, () =>
    inSpan(`stage ${run.kind}.${stage}`, { kind: 'consumer', parent: run.traceParent, attributes }, async (span) => {
      engine.metrics?.active.inc();
      try {
        const outcome = await work();
        span.setAttribute('stage.outcome', outcome);
        await count(engine, claim, outcome);
      } finally {
        engine.metrics?.active.dec();
      }
    }),
  );
}

async function count(engine: Engine, { run, stage, attempt, begunAt }: Claim, outcome: StageOutcome): Promise<void> {
  const { metrics, database, pipelines } = engine;
  if (!metrics) return;
  const seconds = (performance.now() - begunAt) / 1000;
  metrics.stages.observe({ kind: run.kind, stage, outcome }, seconds);
  const age = (Date.now() - run.createdAt.getTime()) / 1000;
  if (attempt === 1 && run.attempt === 1) metrics.pickups.observe({ kind: run.kind }, Math.max(0, age - seconds));
  if (outcome === 'OK' && stage !== pipelines.get(run.kind)?.stageNames.at(-1)) return;
  const [now] = await runSql<{ status: RunStatus }>(
    database.eachInTenant(run.tenantId),
    'select status from runs where id = $1',
    [run.id],
  ).catch(() => []); // a figure is not worth a failed job
  if (now && isTerminal(now.status)) metrics.runs.observe({ kind: run.kind, status: now.status }, age);
}
