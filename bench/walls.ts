/**
 * What row security costs: the same transactions of the product, over the same rows, on a database as it is migrated and on
 * one whose policies are switched off. There the lists name their tenant themselves, as one would without policies; so they do
 * on both. Of a RESEARCHER whose tenant has private projects of others, who pays for all of the
 * policies; an OWNER, and a worker, pay for the tenant's alone.
 */
import { IsolationLevel } from '@mikro-orm/postgresql';
import type { Actor } from '../src/platform/database/actor.js';
import type { ActorContext } from '../src/platform/graphql/api-context.js';
import { LoaderRegistry } from '../src/platform/graphql/loader-registry.js';
import { paginate, paginateEach } from '../src/platform/graphql/paginate.js';
import { encodeId, newId } from '../src/platform/ids.js';
import { silentNotifier } from '../src/platform/notifications/notifier.js';
import { appendEvents } from '../src/runs/append-events.js';
import { cancelRun } from '../src/runs/cancel-run.js';
import { readEvents } from '../src/runs/following/read-events.js';
import { loadStages } from '../src/runs/loaders.js';
import { RunEntity } from '../src/runs/run.entity.js';
import type { RunEventDraft } from '../src/runs/run-event.js';
import type { RunKindDeclaration } from '../src/runs/run-kind.js';
import { startRun } from '../src/runs/start-run.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import type { Measurement, Size } from './support/report.js';
import { interleave } from './support/rounds.js';

const POOL = 4;
/** `ms`: how long a round lasts at least; 0 is one transaction, so that what disturbs one disturbs its neighbours as well. */
const SIZES = {
  full: { rounds: 600, ms: 0, runs: 400, events: 200, privateProjects: 20 },
  smoke: { rounds: 2, ms: 0, runs: 20, events: 20, privateProjects: 3 },
};
const WARM_UP = 20; // of each, that connect, prepare and plan
const BATCH = 20; // events
const KIND: RunKindDeclaration = {
  kind: 'BENCH',
  stages: ['one', 'two', 'three'],
  limits: { wallMs: null, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
};

export async function measureWalls(size: Size): Promise<Measurement[]> {
  const settings = SIZES[size];
  const walled = await openSide(settings);
  const open = await openSide(settings);
  try {
    await takeWallsDown(open.bench);
    const side = (of: Side) => ({
      reads: () => perSecond(settings.ms, () => of.read()),
      writes: () => perSecond(settings.ms, () => of.write()),
    });
    const [ours, baseline] = [side(walled), side(open)];
    for (const warm of [ours, baseline])
      for (let i = 0; i < WARM_UP; i++) await Promise.all([warm.reads(), warm.writes()]);
    const rates = await interleave(settings.rounds, {
      walledReads: ours.reads,
      openReads: baseline.reads,
      walledWrites: ours.writes,
      openWrites: baseline.writes,
    });
    const line = (what: string, of: number, without: number): Measurement => ({
      what: `row security: time of ${what}`,
      ours: `${(1_000 / of).toFixed(2)} ms`,
      baseline: `the same without policies: ${(1_000 / without).toFixed(2)} ms`,
      ratio: without / of,
      wanted: '≤ 1.10',
      rounds: settings.rounds,
    });
    return [
      line('a query (runs of a project, one with stages, a page of events)', rates.walledReads, rates.openReads),
      line(`a run started, ${BATCH} events appended, a run canceled`, rates.walledWrites, rates.openWrites),
    ];
  } finally {
    await walled.bench.close();
    await open.bench.close();
  }
}

interface Side {
  bench: BenchDatabase;
  /** One query of the API: a read-only transaction. */
  read(): Promise<void>;
  /** Two mutations and what a stage does between them: three transactions. */
  write(): Promise<void>;
}

async function openSide({ runs, events, privateProjects }: (typeof SIZES)[Size]): Promise<Side> {
  const bench = await openBenchDatabase(POOL);
  const { database, actor, projectId, admin } = bench;
  const ids: string[] = [];
  for (let i = 0; i < runs; i++) ids.push(await insertRunningRun(bench, ['one', 'two', 'three']));
  for (const id of ids.slice(0, 20)) {
    await database.inTenant(actor.tenantId, (sql) => appendEvents(sql, id, lines(events), null));
  }
  for (let i = 0; i < privateProjects; i++) {
    const insert = `insert into projects (id, tenant_id, owner_id, name, visibility) values ($1, $2, $3, 'Private', 'PRIVATE')`;
    await admin.query(insert, [newId(), actor.tenantId, actor.userId]);
  }
  await addOthers(bench, { tenants: runs / 20, projects: 10, runs: 20 });
  const researcher = await addResearcher(bench);
  await admin.query('analyze');
  let turn = 0;
  const next = () => ids[turn++ % 20] as string;
  return {
    bench,
    async read() {
      const em = database.asActor(researcher);
      await em.begin({ readOnly: true, isolationLevel: IsolationLevel.REPEATABLE_READ });
      try {
        const ctx = { em, loaders: new LoaderRegistry() };
        const id = next();
        const { tenantId } = actor;
        await paginate(em, RunEntity, { tenantId, projectId }, { first: 20 });
        await paginateEach(ctx, { entity: RunEntity, parent: 'projectId', where: { tenantId } }, projectId, {
          first: 20,
        });
        await em.findOneOrFail(RunEntity, { id }, { refresh: true });
        await loadStages(ctx, id);
        await readEvents(em, id, 0, 100);
      } finally {
        await em.rollback();
      }
    },
    async write() {
      const ctx = contextOf(bench, researcher);
      const { id } = await startRun(ctx, KIND, { projectId, input: {}, insertDetails: async () => undefined });
      await cancelRun(ctx, encodeId('run', id)); // or the queue would grow from round to round
      await database.inTenant(actor.tenantId, (sql) => appendEvents(sql, next(), lines(BATCH), 0));
    },
  };
}

/** Tenants with projects and ended runs, so that ours is one of many. */
async function addOthers(
  { admin }: BenchDatabase,
  { tenants, projects, runs }: { tenants: number; projects: number; runs: number },
): Promise<void> {
  for (let i = 0; i < tenants; i++) {
    const [tenantId, userId] = [newId(), newId()];
    await admin.query('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Other']);
    await admin.query(
      `insert into users (id, email, display_name, password_hash) values ($1, $2, 'Other', 'unusable')`,
      [userId, `${userId}@example.org`],
    );
    await admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{OWNER}')`, [
      newId(),
      tenantId,
      userId,
    ]);
    await admin.query(
      `with made as (
         insert into projects (id, tenant_id, owner_id, name)
         select gen_random_uuid(), $1, $2, 'Other' from generate_series(1, $3) returning id)
       insert into runs (id, tenant_id, project_id, kind, status, current_stage, limits, input_hash, created_by)
       select gen_random_uuid(), $1, made.id, 'BENCH', 'SUCCEEDED', 'one', '{"wallMs":null}', '', $2
       from made, generate_series(1, $4)`,
      [tenantId, userId, projects, runs],
    );
  }
}

async function addResearcher({ admin, actor }: BenchDatabase): Promise<Actor> {
  const [userId, credentialId] = [newId(), newId()];
  await admin.query(
    `insert into users (id, email, display_name, password_hash) values ($1, $2, 'Researcher', 'unusable')`,
    [userId, `${userId}@example.org`],
  );
  await admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{RESEARCHER}')`, [
    newId(),
    actor.tenantId,
    userId,
  ]);
  return { tenantId: actor.tenantId, userId, credentialId, roles: ['RESEARCHER'] };
}

/** The parts of a context that starting a run takes. */
const contextOf = ({ database }: BenchDatabase, actor: Actor): ActorContext =>
  ({
    em: database.asActor(actor),
    actor,
    clock: () => new Date(),
    services: { runs: { notifier: silentNotifier, queueLimit: 10_000_000, artifactBytes: 25_000_000 } },
  }) as unknown as ActorContext;

/** Grants stay as they are; the policies are no longer asked. */
async function takeWallsDown({ admin }: BenchDatabase): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity`,
  );
  for (const { name } of rows) {
    await admin.query(
      `alter table "${name}" disable row level security; alter table "${name}" no force row level security`,
    );
  }
}

async function perSecond(ms: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  let done = 0;
  do {
    await work();
    done += 1;
  } while (performance.now() < began + ms);
  return done / ((performance.now() - began) / 1_000);
}

const lines = (count: number): RunEventDraft[] =>
  Array.from({ length: count }, (_, i) => ({ type: 'LOG_LINE', message: `A line of a log, number ${i}`, payload: {} }));
