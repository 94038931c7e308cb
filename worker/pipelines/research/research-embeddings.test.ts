/**
 * Research with an embedding endpoint. Its vectors are made by hand or of letters: what is tested is that they are made, kept,
 * counted and used, not that they are good.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddingPrefixes } from '../../../src/evidence/embeddings/embedding-config.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { RunEntity } from '../../../src/runs/run.entity.js';
import { embeds, textsOf, trigrams, type VectorOf } from '../../../tests/support/embedding-endpoint.js';
import { type ModelBehaviour, startModelEndpoint, status } from '../../../tests/support/model-endpoint.js';
import type { SeededProject } from '../../../tests/support/seed-project.js';
import { fakeClock } from '../../tools/connectors/fake-clock.fixture.js';
import { createOpenAiEmbeddings } from '../../tools/model/openai-embeddings.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import type { Retrieved } from './checkpoints.js';
import { type FinishedRun, openResearchBench, type ResearchBench, type RunOptions } from './research-bench.fixture.js';

const SPARROWS = `# Sparrows in town

## Nesting

Sparrows raise their young under the tiles of old houses, and a colony returns to the same eaves for many years. They feed on
seeds that they gather in parks, and the young take insects as well until they leave the nest.
`;

const files = ROOF_ARTICLES.map(({ title, authors, year, body }, index) => ({
  name: `article-${index}.md`,
  title,
  authors,
  ...(year !== null && { year }),
  content: `# ${title}\n\n${body}\n`,
}));
const LIBRARY = [...files, { name: 'sparrows.md', title: 'Sparrows in town', content: SPARROWS }];

let bench: ResearchBench;
let project: SeededProject;
let plain: FinishedRun;
beforeAll(async () => {
  bench = await openResearchBench();
  project = await bench.addLibrary(LIBRARY);
  plain = await bench.run(project, { question: ROOF_QUESTION, until: 'retrieve' });
});
afterAll(() => bench?.close());

const em = () => bench.db.database.asTenant(project.tenantId);

async function runWith(
  behaviour: ModelBehaviour,
  options: Partial<RunOptions> & { name?: string; prefixes?: EmbeddingPrefixes } = {},
) {
  const endpoint = await startModelEndpoint(behaviour);
  const { name = 'small', prefixes = { query: '', passage: '' }, ...more } = options;
  const config = {
    baseUrl: endpoint.baseUrl,
    apiKey: undefined,
    model: name,
    dimensions: null,
    prefixes,
    timeoutMs: 5_000,
    price: 1,
  };
  const embedding = createOpenAiEmbeddings({ config, clock: fakeClock(), random: () => 0.5 });
  const run = await bench.run(project, { question: ROOF_QUESTION, until: 'retrieve', embedding, ...more });
  return { run, asked: endpoint.calls.map(textsOf) };
}

const found = (run: FinishedRun) => run.outputs.get('retrieve') as Retrieved;
const leftOut = (run: FinishedRun) =>
  run.events.filter((event) => (event.payload as { code?: string } | undefined)?.code === 'EMBEDDINGS_LEFT_OUT');
const spentBy = async ({ runId }: FinishedRun) => (await em().findOneOrFail(RunEntity, { id: runId })).spentTokens;
const forget = () => runSql(em(), 'with gone as (delete from snippet_embeddings) delete from embedded_sources');
const countVectors = async () =>
  (await runSql<{ space: string }>(em(), 'select space from snippet_embeddings order by space')).map(
    ({ space }) => space,
  );
const countSnippets = async () => (await runSql(em(), 'select 1 from snippets')).length;

describe('research with an embedding model', () => {
  it('makes the vectors of a library that is older than the model once, and then asks for the question alone', async () => {
    await forget();
    const first = await runWith(embeds());
    expect(first.asked.map((texts) => texts.length)).toEqual([await countSnippets(), 1]);
    expect(first.asked[1]).toEqual([ROOF_QUESTION]);
    expect(first.asked[0]?.some((text) => text.startsWith('Sparrows in town\n'))).toBe(true);
    expect(await spentBy(first.run)).toBe(14); // 7 a call, as the endpoint says
    const tool = first.run.events.filter(
      (event) => (event.payload as { tool?: string } | undefined)?.tool === 'embedding',
    );
    expect(tool.map(({ type }) => type)).toEqual(['TOOL_CALLED', 'TOOL_RETURNED', 'TOOL_CALLED', 'TOOL_RETURNED']);
    const second = await runWith(embeds());
    expect(second.asked).toEqual([[ROOF_QUESTION]]);
    expect(found(second.run).snippets).toEqual(found(first.run).snippets);
    expect(leftOut(second.run)).toEqual([]);
  });

  it('makes them anew for another model, and compares none of the old ones', async () => {
    await runWith(embeds());
    const { asked } = await runWith(embeds(trigrams(16)), { name: 'other' });
    expect(asked[0]).toHaveLength(await countSnippets());
    expect(new Set(await countVectors())).toEqual(new Set(['other']));
  });

  it('puts the model’s own words before texts, and makes vectors anew when those of passages change', async () => {
    await runWith(embeds());
    const prefixes = { query: 'query: ', passage: 'passage: ' };
    const { asked } = await runWith(embeds(), { prefixes });
    expect(asked[0]?.length).toBe(await countSnippets());
    expect(asked[0]?.every((text) => text.startsWith('passage: '))).toBe(true);
    expect(asked[1]).toEqual([`query: ${ROOF_QUESTION}`]);
    expect(new Set(await countVectors())).toEqual(new Set(['small "passage: "']));
    const other = await runWith(embeds(), { prefixes: { ...prefixes, query: 'ask: ' } });
    expect(other.asked).toEqual([[`ask: ${ROOF_QUESTION}`]]);
  });

  it('sets a source of the same meaning before some that share more words with the question', async () => {
    await forget();
    const meaning: VectorOf = (text) => (/sparrow|bird/i.test(text) ? [1, 0.05] : [0.05, 1]);
    const question = 'How do green roofs retain rainwater, and where do urban birds breed?';
    const [sparrows] = await runSql<{ id: string }>(em(), `select id from sources where title like 'Sparrows%'`);
    const place = (run: FinishedRun) => found(run).sources.findIndex(({ sourceId }) => sourceId === sparrows?.id);
    const byWords = place(await bench.run(project, { question, until: 'retrieve' }));
    const { run } = await runWith(
      embeds((text) => meaning(text === question ? 'bird' : text)),
      { question },
    );
    expect(place(run)).toBeGreaterThanOrEqual(0);
    expect(place(run)).toBeLessThan(byWords);
  });

  it.each<[string, ModelBehaviour]>([
    ['refuses', status(401)],
    ['fails', status(503)],
    ['sends vectors of two lengths', embeds((text) => [1, ...Array.from({ length: text.length % 7 }, () => 0.5)])],
  ])('is done by words, and says so, when the endpoint %s', async (_, behaviour) => {
    await forget();
    const { run } = await runWith(behaviour);
    const { uncertainties, ...passages } = found(run);
    expect(passages).toEqual({ ...found(plain), uncertainties: undefined });
    expect(uncertainties).toEqual([
      {
        code: 'EMBEDDINGS_LEFT_OUT',
        message: expect.stringMatching(/^Passages were found by their words alone: The /),
      },
    ]);
    expect(leftOut(run)).toHaveLength(1);
    expect(await countVectors()).toEqual([]);
  });

  it('spends at most half of the budget on the library, and says what is left for the next run', async () => {
    await forget();
    const { run, asked } = await runWith(embeds(), { budget: { modelTokens: 400 } });
    expect(asked).toEqual([[ROOF_QUESTION]]);
    expect(leftOut(run)[0]?.message).toMatch(/^\d+ of \d+ passages have no vector yet .* half of the run’s budget/);
  });

  it('asks nothing when the run may spend nothing', async () => {
    await forget();
    const { run, asked } = await runWith(embeds(), { budget: { modelTokens: 0 } });
    expect(asked).toEqual([]);
    expect(found(run)).toEqual(found(plain));
  });
});
