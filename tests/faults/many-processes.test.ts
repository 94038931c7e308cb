/**
 * Three API and three worker processes on one database, as the product runs behind a load balancer: whichever answers, the
 * same truth; whatever dies, the rest goes on.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { INGESTION_STAGES } from '../../src/kinds/ingestion/ingestion-kind.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { type Account, openAccount } from '../support/account.js';
import { createProjectRow } from '../support/people.js';
import { type Product, type ProductProcess, startProduct } from '../support/product.js';
import { followToTheEnd, type History } from '../support/subscriber.js';

const EACH = 3;
const RUNS = 9; // three a worker
const WITHIN = { timeout: 40_000, interval: 30 };
const INGEST = 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id } }';

let product: Product;
let account: Account;
let projectId: string;

beforeAll(async () => {
  product = await startProduct({
    apis: EACH,
    workers: EACH,
    env: { WORKER_CONCURRENCY: '1', LEASE_MS: '1500', SWEEP_MS: '200' },
  });
  account = await openAccount(product.url, product.db);
  projectId = encodeId('proj', await createProjectRow(product.db, account.actor));
  // behind the walls: which worker took up which stage, how often
  await product.db.admin.query(`
    create table taken_stages (run_id uuid, stage text, worker_id uuid);
    alter table taken_stages owner to pw_app;
    create function note_claim() returns trigger language plpgsql as $$
    begin insert into taken_stages values (new.id, new.current_stage, new.worker_id); return null; end $$;
    create trigger note_claim after update on runs for each row
      when (new.worker_id is not null and new.worker_id is distinct from old.worker_id) execute function note_claim();`);
});
afterAll(() => product?.stop());

const urls = () => product.apis.map(({ url }) => url);

async function post(url: string, query: string, variables: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${account.token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as {
    data?: { ingestPaper?: { id: string } };
    errors?: { extensions: { code: string } }[];
  };
}

async function ingest(url: string, name: string): Promise<string> {
  const text = `# ${name}\n\nThe document called ${name} says one thing. It says it in two sentences.\n`;
  const input = { projectId, text, title: name, clientRequestId: name };
  const { data, errors } = await post(url, INGEST, { input });
  if (!data?.ingestPaper) throw new Error(JSON.stringify(errors));
  return data.ingestPaper.id;
}

const workersOfClaims = async (): Promise<string[]> =>
  (await product.db.admin.query('select distinct worker_id from taken_stages')).rows.map((row) => row.worker_id);

/** Of the process that is killed next: it has a stage in its hands at that moment. */
async function strikeWhileWorking(worker: ProductProcess): Promise<void> {
  const { pid } = worker.child;
  await vi.waitFor(async () => {
    const { rowCount } = await product.db.admin.query(
      `select 1 from workers w join runs r on r.worker_id = w.id where w.pid = $1 and r.status = 'RUNNING'`,
      [pid],
    );
    expect(rowCount).toBe(1);
  }, WITHIN);
  await worker.kill('SIGKILL');
}

test('runs started on all APIs and watched on others end once, with whole timelines, though an API and a worker are killed on the way', async () => {
  const [firstApi, , lastApi] = product.apis;
  const [doomed] = product.workers;
  if (!firstApi || !lastApi || !doomed) throw new Error('not all processes are there');
  const names = Array.from({ length: RUNS }, (_, i) => `paper ${i}`);
  const runs = await Promise.all(names.map((name, i) => ingest(urls()[i % EACH] ?? '', name)));
  // each run is watched on every API, from where the client goes to the next one when its own is gone
  const all = urls();
  const begun: Promise<void>[] = [];
  const histories: Promise<History>[] = runs.flatMap((runId) =>
    all.map((_, startAt) => {
      let onReady: () => void = () => undefined;
      begun.push(
        new Promise((resolve) => {
          onReady = resolve;
        }),
      );
      return followToTheEnd({ urls: all, token: account.token, runId, startAt, onReady });
    }),
  );
  await Promise.all(begun);
  const late = await Promise.all(names.map((name, i) => ingest(urls()[(i + 1) % EACH] ?? '', `late ${name}`)));
  await strikeWhileWorking(doomed);
  const gone = once(lastApi.child, 'exit');
  lastApi.child.kill('SIGKILL');
  await gone;

  const seen = await Promise.all(histories);
  for (const [i, runId] of runs.entries()) {
    const { rows } = await product.db.admin.query(
      'select seq, message from run_events where run_id = $1 order by seq',
      [decodeId('run', runId)],
    );
    const table = rows.map(({ seq, message }) => `${seq} ${message}`);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, at) => at + 1));
    for (let api = 0; api < EACH; api++) expect(seen[i * EACH + api]?.seen, `run ${i} on API ${api}`).toEqual(table);
  }
  const waiting = async () => {
    const { rows } = await product.db.admin.query(
      `select count(*)::integer as n from runs where status <> 'SUCCEEDED'`,
    );
    expect(rows[0].n).toBe(0);
  };
  await vi.waitFor(waiting, WITHIN);
  const finished = await product.db.admin.query(
    `select count(*)::integer as n, count(distinct (run_id, stage))::integer as stages
     from run_events where type = 'STAGE_FINISHED'`,
  );
  const stages = (runs.length + late.length) * INGESTION_STAGES.length;
  expect(finished.rows[0]).toEqual({ n: stages, stages });
  expect(await workersOfClaims()).toHaveLength(EACH);
});

test('one request sent to all APIs at once is one run', async () => {
  const alive = urls().slice(0, 2);
  const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => ingest(alive[i % 2] ?? '', 'the same')));
  expect(new Set(ids).size).toBe(1);
});

test('attempts to sign in are counted together, whichever API they come to', async () => {
  const alive = urls().slice(0, 2);
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
  const codes: string[] = [];
  for (let i = 0; i < 40 && !codes.includes('RATE_LIMITED'); i++) {
    const input = { email: 'nobody@example.org', password: 'a guess at a password' };
    const { errors } = await post(alive[i % 2] ?? '', query, { input });
    codes.push(errors?.[0]?.extensions.code ?? '');
  }
  expect(codes.at(-1)).toBe('RATE_LIMITED');
  const again = await post(alive[codes.length % 2] ?? '', query, {
    input: { email: 'nobody@example.org', password: 'another guess at it' },
  });
  expect(again.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
});
