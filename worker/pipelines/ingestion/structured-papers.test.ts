/** What the public API answers of papers that a worker has read with an engine whose reading is known. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerPageImages } from '../../../src/api/routes/page-images.js';
import { placeOf } from '../../../src/papers/place-of.js';
import type { StructuredPaper, TextLine } from '../../../src/papers/structured-paper.js';
import { blobRoutes } from '../../../src/platform/blobs/blob-routes.js';
import { openDiskBlobStore } from '../../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../../src/platform/blobs/signed-urls.js';
import { AppError } from '../../../src/platform/errors.js';
import { encodeId, newId } from '../../../src/platform/ids.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../../start-worker.js';
import type { FetchedPaper, PaperAddress } from '../../tools/connectors/fetch-paper.js';
import { builtinEngine } from '../../tools/papers/builtin/read-paper.js';
import type { PaperEngine } from '../../tools/papers/paper-engine.js';
import { createPaperTools } from '../../tools/papers/paper-tools.js';
import { INGESTION_PIPELINE } from './stages.js';

const FINDING = 'Weighted kappa counts near misses in part and so agrees better with experts.';
const MAX_PAGES = 3;

const kappa = (mark: string): Buffer =>
  simplePdf([
    [
      { text: `Kappa under scrutiny ${mark}`, x: 72, y: 730, size: 18, bold: true },
      ...column(['Cohen defined kappa as agreement of two raters beyond chance, and many follow him.'], { y: 670 }),
    ],
    column([FINDING]),
  ]);

/** The text, pages and lines of the builtin engine; the reading is the test's own. */
const knownEngine: PaperEngine = {
  name: 'builtin',
  async read(input) {
    const { document, lines } = await builtinEngine.read(input);
    return { document, lines, paper: knownReading(document.text, lines) };
  },
};

function knownReading(text: string, lines: readonly TextLine[]): StructuredPaper {
  const place = (piece: string) => {
    const start = Buffer.from(text).indexOf(piece);
    return placeOf(lines, start, start + Buffer.byteLength(piece));
  };
  const title = 'Kappa under scrutiny';
  const reference = { year: 1960, venue: null, doi: '10.1177/001316446002000104', arxivId: null, url: null };
  return {
    engine: 'known@1',
    title,
    authors: [{ name: 'Ana Ruíz', affiliations: ['Lab of Labs'], email: null, orcid: null, ...place('Cohen') }],
    abstract: 'What kappa says.',
    year: 2021,
    doi: '10.1000/printed',
    arxivId: null,
    keywords: ['kappa'],
    pages: lines.length > 0 ? [1, 2].map((number) => ({ number, width: 612, height: 792 })) : [],
    places: { title: place(title), abstract: null },
    sections: [{ heading: '1 Findings', level: 1, role: 'EVALUATION', text: FINDING, ...place('Weighted') }],
    equations: [],
    tables: [{ label: 'Table 1', caption: null, rows: [['a', 'b']], ...place('kappa') }],
    figures: [],
    references: [
      { label: '1', raw: 'Cohen 1960', title: 'Agreement', authors: ['Cohen, J.'], ...reference, ...place('Cohen') },
    ],
    citations: [{ text: 'Cohen', references: [0], ...place('Cohen') }],
    datasets: [],
    metrics: [{ name: 'kappa', value: 0.5, unit: null, raw: '0.5', sentence: FINDING, ...place('kappa counts') }],
    claims: [
      { text: FINDING, section: '1 Findings', score: 0.9, ...place(FINDING) },
      { text: title, section: null, score: 0.1, startOffset: 900_000, endOffset: 900_010, page: null, box: null },
    ],
    confidence: [{ field: 'title', score: 0.9, basis: 'largest type of page 1' }],
    uncertainties: [
      { code: 'EQUATIONS_UNREADABLE', message: 'An equation is an image.', page: 2 },
      { code: 'NO_REFERENCES_FOUND', message: 'No list of references was found.', page: null },
    ],
  };
}

const fetched = vi.fn(async (address: PaperAddress): Promise<FetchedPaper> => {
  if ('doi' in address && address.doi.endsWith('/closed'))
    throw new AppError('NOT_FOUND', 'No PDF is open to everybody.');
  return {
    bytes: kappa('fetched'),
    mediaType: 'application/pdf',
    fileName: 'fetched.pdf',
    facts: {
      title: 'As arXiv has it',
      authors: ['Ana Ruiz', 'Bo Li'],
      year: 2020,
      doi: null,
      arxivId: '1707.08567v1',
      url: 'https://arxiv.org/abs/1707.08567v1',
      licenseUrl: null,
      notices: [
        { type: 'retraction', direction: 'RECEIVED', doi: '10.1000/notice', date: '2024', source: 'publisher' },
      ],
    },
  };
});

const INGEST = 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id } }';
const RUN = `query ($id: ID!) { run(id: $id) { status failure { code hint } events(first: 200) { events { type level stage message ... on UncertaintyFound { code page } } }
  ... on IngestionRun { paper { id status } } } }`;
const PLACE = 'startOffset endOffset page box { x y width height }';
const PAPER = `query ($id: ID!) { paper(id: $id) {
  status title year doi arxivId engine abstract keywords pageCount titlePlace { ${PLACE} } abstractPlace { page }
  authors { name affiliations email orcid place { page } }
  sections { heading level role text ${PLACE} } tables { label caption rows ${PLACE} } figures { caption } equations { text }
  references { label raw title authors year doi ${PLACE} } citations { text referenceIndexes references { title } page }
  datasets { name } metrics { name value unit raw page } confidence { field score basis } uncertainties { code message page }
  pages { number width height } page(number: 2) { number imageUrl } missing: page(number: 9) { number }
  claims { nodes { id text section score checked verdict confidence receipts { quote page snapshotSha256 stance boxes { page box { x y width height } }
    imageUrl(width: 300) snippet { source { paper { id } } snapshot { sha256 text } } } } } } }`;

let db: TestDatabase;
let api: TestApi;
let worker: RunningWorker;
let folder: string;
let token: string;
let projectId: string;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  folder = await mkdtemp(join(tmpdir(), 'structured-papers-'));
  const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => api.url, clock: () => new Date() });
  const blobs = await openDiskBlobStore({ root: folder, urls });
  api = await startTestApi(db, {
    blobs,
    addRoutes: async (app, services) => {
      registerPageImages(app, services);
      await app.register(blobRoutes, { store: blobs, urls });
    },
  });
  worker = await startTestWorker({
    urls: db.urls,
    blobs,
    pipelines: [INGESTION_PIPELINE],
    papers: () =>
      createPaperTools({
        standard: 'BUILTIN',
        engines: { BUILTIN: knownEngine },
        fetcher: { fetch: fetched },
        maxPages: MAX_PAGES,
      }),
  });
  token = (await api.register()).token;
  projectId = await newProject();
});

afterAll(async () => {
  await worker?.stop();
  await api?.close();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function newProject(): Promise<string> {
  const { data } = await api.gql('mutation { createProject(input: { name: "Papers" }) { id } }', {}, token);
  return data.createProject.id;
}

async function upload(bytes: Buffer): Promise<string> {
  const input = { projectId, fileName: 'kappa.pdf', mediaType: 'application/pdf', bytes: bytes.length };
  const prepare = 'mutation ($input: PrepareUploadInput!) { prepareUpload(input: $input) { uploadId url } }';
  const { data } = await api.gql(prepare, { input }, token);
  await fetch(data.prepareUpload.url, { method: 'PUT', body: new Uint8Array(bytes) });
  return data.prepareUpload.uploadId;
}

async function ingest(input: Record<string, unknown>) {
  const { data, errors } = await api.gql(INGEST, { input: { projectId, ...input } }, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return vi.waitFor(
    async () => {
      const { run } = (await api.gql(RUN, { id: data.ingestPaper.id }, token)).data;
      expect(run.status).toMatch(/SUCCEEDED|FAILED/);
      return run;
    },
    { timeout: 30_000, interval: 50 },
  );
}

const read = async (id: string) => (await api.gql(PAPER, { id }, token)).data.paper;

describe('a paper that was read', () => {
  it('is answered with every piece and where it stands', async () => {
    const { paper: taken } = await ingest({ uploadId: await upload(kappa('one')) });
    const paper = await read(taken.id);
    expect(paper).toMatchObject({
      status: 'READY',
      title: 'Kappa under scrutiny',
      year: 2021,
      doi: '10.1000/printed',
      engine: 'known@1',
      abstract: 'What kappa says.',
      keywords: ['kappa'],
      pageCount: 2,
      abstractPlace: null,
      authors: [{ name: 'Ana Ruíz', affiliations: ['Lab of Labs'], place: { page: 1 } }],
      citations: [{ text: 'Cohen', referenceIndexes: [0], references: [{ title: 'Agreement' }], page: 1 }],
      metrics: [{ name: 'kappa', value: 0.5, unit: null, raw: '0.5', page: 2 }],
      confidence: [{ field: 'title', score: 0.9, basis: 'largest type of page 1' }],
      pages: [{ number: 1, width: 612, height: 792 }, { number: 2 }],
      missing: null,
    });
    expect(paper.titlePlace).toMatchObject({ page: 1, box: { x: 72 } });
    expect(paper.titlePlace.box.y).toBeCloseTo(792 - 730 - 18, -1);
    expect(paper.sections).toEqual([
      expect.objectContaining({ heading: '1 Findings', level: 1, role: 'EVALUATION', page: 2, text: FINDING }),
    ]);
    expect(paper.tables[0]).toMatchObject({ label: 'Table 1', rows: [['a', 'b']] });
    expect(paper.references[0]).toMatchObject({ label: '1', year: 1960, doi: '10.1177/001316446002000104', page: 1 });
  });

  it('has claims with receipts that stand verbatim, on their page and in their boxes; others are left out', async () => {
    const { paper: taken } = await ingest({ uploadId: await upload(kappa('two')) });
    const { nodes } = (await read(taken.id)).claims;
    expect(nodes).toHaveLength(1); // the one beyond the text is none
    const [{ receipts, ...claim }] = nodes;
    expect(claim).toMatchObject({
      text: FINDING,
      section: '1 Findings',
      score: 0.9,
      checked: false,
      verdict: 'UNSUPPORTED',
      confidence: 0,
    });
    expect(receipts).toHaveLength(1);
    const [{ quote, page, boxes, snapshotSha256, snippet, imageUrl }] = receipts;
    expect(snippet.source.paper.id).toBe(taken.id);
    expect(new URL(imageUrl).pathname).toMatch(/\/2\.png$/);
    const picture = await fetch(imageUrl);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(quote).toBe(FINDING);
    expect(snippet.snapshot.sha256).toBe(snapshotSha256);
    expect(snippet.snapshot.text).toContain(quote);
    expect(page).toBe(2);
    expect(boxes).toEqual([{ page: 2, box: expect.objectContaining({ x: 72 }) }]);
    expect(boxes[0].box.y).toBeCloseTo(792 - 700 - 8, -1);
  });

  it('shows a page with boxes marked, under an address that needs no credentials', async () => {
    const { paper: taken } = await ingest({ uploadId: await upload(kappa('three')) });
    const image = async (boxes: object[] | null, width?: number) => {
      const query =
        'query ($id: ID!, $boxes: [BoxInput!], $width: Int!) { paper(id: $id) { page(number: 2) { imageUrl(boxes: $boxes, width: $width) } } }';
      const { data, errors } = await api.gql(query, { id: taken.id, boxes, width: width ?? 300 }, token);
      if (errors) return errors[0]?.extensions.code;
      const response = await fetch(data.paper.page.imageUrl);
      const bytes = Buffer.from(await response.arrayBuffer()).toString('latin1');
      return { status: response.status, type: response.headers.get('content-type'), bytes };
    };
    const [bare, marked] = await Promise.all([image(null), image([{ x: 72, y: 80, width: 200, height: 20 }])]);
    const png = { status: 200, type: 'image/png', bytes: expect.stringMatching(/^\x89PNG/) };
    expect([bare, marked]).toEqual([png, png]);
    expect(bare).not.toEqual(marked);
    expect(await image([{ x: -1, y: 0, width: 1, height: 1 }])).toBe('BAD_INPUT');
    expect(await image(Array(101).fill({ x: 0, y: 0, width: 1, height: 1 }))).toBe('BAD_INPUT');
    expect(await image(null, 5_000)).toBe('BAD_INPUT');
  });

  it('tells each uncertainty as an event of its own, besides listing it', async () => {
    const run = await ingest({ uploadId: await upload(kappa('four')) });
    const events = run.events.events.filter(({ type }: { type: string }) => type === 'UNCERTAINTY_FOUND');
    expect(events).toEqual([
      {
        type: 'UNCERTAINTY_FOUND',
        level: 'WARN',
        stage: 'structure',
        message: 'An equation is an image.',
        code: 'EQUATIONS_UNREADABLE',
        page: 2,
      },
      {
        type: 'UNCERTAINTY_FOUND',
        level: 'WARN',
        stage: 'structure',
        message: 'No list of references was found.',
        code: 'NO_REFERENCES_FOUND',
        page: null,
      },
    ]);
    expect((await read(run.paper.id)).uncertainties).toHaveLength(2);
    expect(JSON.stringify(run.events)).toContain('1 author, 1 section, 1 reference');
  });

  it('is the same, down to its claims, when the same bytes come again', async () => {
    const [first, second] = [
      await ingest({ uploadId: await upload(kappa('five')) }),
      await ingest({ uploadId: await upload(kappa('five')), title: 'As the second caller says' }),
    ];
    expect(second.paper.id).toBe(first.paper.id);
    const paper = await read(first.paper.id);
    expect(paper.title).toBe('As the second caller says');
    const claims = (await db.admin.query('select count(*)::int as n from claims where text = $1', [FINDING])).rows;
    const { nodes } = paper.claims;
    const third = await ingest({ uploadId: await upload(kappa('five')) });
    const again = await read(third.paper.id);
    expect(again.claims.nodes.map(({ id }: { id: string }) => id)).toEqual(nodes.map(({ id }: { id: string }) => id));
    expect(again.title).toBe('As the second caller says'); // the third says nothing of it
    expect((await db.admin.query('select count(*)::int as n from claims where text = $1', [FINDING])).rows).toEqual(
      claims,
    );
  });

  it('is not there for another tenant, whose image addresses it cannot have either', async () => {
    const { paper: taken } = await ingest({ uploadId: await upload(kappa('six')) });
    const stranger = await api.register('stranger');
    const { data, errors } = await api.gql(PAPER, { id: taken.id }, stranger.token);
    expect([data?.paper ?? null, errors?.[0]?.extensions.code]).toEqual([null, 'NOT_FOUND']);
  });

  it('says nothing of itself before it is READY', async () => {
    const id = newId();
    await db.admin.query(
      `insert into papers (id, tenant_id, project_id, status, media_type, content_sha256, created_at)
       select $1, tenant_id, project_id, 'PENDING', media_type, $2, now() from papers limit 1`,
      [id, 'a'.repeat(64)],
    );
    expect(await read(encodeId('paper', id))).toMatchObject({
      status: 'PENDING',
      abstract: null,
      authors: [],
      sections: [],
      references: [],
      pages: [],
      page: null,
      claims: { nodes: [] },
    });
  });
});

describe('a paper that is named by an id', () => {
  it('is fetched once; what the caller says goes first, then the service, then the paper', async () => {
    fetched.mockClear();
    const run = await ingest({ arxivId: 'arXiv:1707.08567v1', year: 2019 });
    expect(run.failure).toBeNull();
    expect(fetched.mock.calls.map(([address]) => address)).toEqual([{ arxivId: '1707.08567v1' }]);
    expect(await read(run.paper.id)).toMatchObject({
      title: 'As arXiv has it',
      year: 2019,
      doi: '10.1000/printed',
      arxivId: '1707.08567v1',
      authors: [
        { name: 'Ana Ruiz', affiliations: ['Lab of Labs'] }, // one person, with and without the accent
        { name: 'Bo Li', affiliations: [], place: null },
      ],
    });
    expect(JSON.stringify(run.events)).toContain('retraction of 2024, 10.1000/notice');
    const { rows } = await db.admin.query(
      'select connector, url, retracted, notices from sources where arxiv_id is not null',
    );
    expect(rows).toEqual([
      {
        connector: 'ARXIV',
        url: 'https://arxiv.org/abs/1707.08567v1',
        retracted: true,
        notices: [{ type: 'retraction', doi: '10.1000/notice', date: '2024', source: 'publisher' }],
      },
    ]);
  });

  it('ends its run with the reason when it is not open to everybody', async () => {
    const run = await ingest({ doi: 'https://doi.org/10.1000/closed' });
    expect(run).toMatchObject({ status: 'FAILED', failure: { code: 'NOT_FOUND' }, paper: null });
  });
});

describe('ingestPaper refuses', () => {
  it.each([
    ['an arXiv id that is none', { arxivId: 'nonsense' }],
    ['a DOI that is none', { doi: '11.1/x' }],
    ['both an arXiv id and a DOI', { arxivId: '1707.08567', doi: '10.1000/182' }],
    ['nothing', {}],
    ['an engine that is not there', { text: 'Words.', engine: 'GROBID' }],
  ])('%s', async (_what, input) => {
    const { errors } = await api.gql(INGEST, { input: { projectId, ...input } }, token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('more pages than a paper may have, by the end of its run', async () => {
    const pages = Array.from({ length: MAX_PAGES + 1 }, (_, i) =>
      column([`On page ${i} there stands a sentence of words.`]),
    );
    const run = await ingest({ uploadId: await upload(simplePdf(pages)) });
    expect(run).toMatchObject({
      status: 'FAILED',
      failure: { code: 'UNREADABLE_DOCUMENT' },
      paper: { status: 'FAILED' },
    });
  });
});
