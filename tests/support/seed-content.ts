/**
 * A project full of everything it can hold, as ingestion and research leave it, written behind the walls and in bulk: for
 * tests that ask what is seen of it. Every text carries `mark`, so that a test finds it wherever it leaks to.
 */
import { createHash } from 'node:crypto';
import type { StructuredPaper } from '../../src/papers/structured-paper.js';
import { newId } from '../../src/platform/ids.js';
import type { TestDatabase } from './database.js';
import type { SeededProject } from './seed-project.js';

/** uuids */
export interface SeededContent {
  papers: string[];
  uploads: string[];
  sources: string[];
  snapshots: string[];
  snippets: string[];
  claims: string[]; // of the research runs' reports
  paperClaims: string[];
  artifacts: string[];
  ingestionRuns: string[]; // SUCCEEDED
  researchRuns: string[]; // BLOCKED, with an open input request, yet with all that a finished one has
  requests: string[];
}

type Row = Record<string, unknown>;

const MAKER = 'seeded@1';
const LIMITS = { wallMs: null, modelTokens: null, costUsd: null, sources: null, artifactBytes: null };
const STAGES = ['retrieve', 'outline'];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `count` of each thing; each research run has as many claims, sources, artifacts and events, each claim two receipts. */
export async function seedContent(
  db: TestDatabase,
  project: SeededProject,
  { mark, count }: { mark: string; count: number },
): Promise<SeededContent> {
  const place = { tenant_id: project.tenantId, project_id: project.projectId };
  const numbers = Array.from({ length: count }, (_, index) => index);
  const ids = () => numbers.map(() => newId());
  const texts = numbers.map((number) => `${mark} states fact number ${number}.`);
  const content: SeededContent = {
    papers: ids(),
    uploads: ids(),
    sources: ids(),
    snapshots: ids(),
    snippets: ids(),
    claims: [],
    paperClaims: ids(),
    artifacts: [],
    ingestionRuns: ids(),
    researchRuns: ids(),
    requests: ids(),
  };
  const now = new Date().toISOString();
  const rowsOf = (made: readonly string[], row: (index: number) => Row): Row[] =>
    made.map((id, index) => ({ id, ...place, ...row(index) }));

  await insert(
    db,
    'snapshots',
    rowsOf(content.snapshots, (i) => ({
      sha256: sha256(texts[i] ?? ''),
      original_sha256: sha256(`original ${i}`),
      extractor: MAKER,
      media_type: 'text/plain',
      bytes: Buffer.byteLength(texts[i] ?? ''),
      text: texts[i],
      pages: [],
      headings: [],
      excluded: [],
      captured_at: now,
    })),
  );
  await insert(
    db,
    'sources',
    rowsOf(content.sources, (i) => ({
      snapshot_id: content.snapshots[i],
      title: `${mark} source ${i}`,
      authors: [`${mark} Author`],
      connector: 'TEXT',
      retrieved_at: now,
      title_length: 1,
      snippet_count: 1,
      body_length: 5,
      tokenizer: MAKER,
      created_at: now,
    })),
  );
  await insert(
    db,
    'snippets',
    rowsOf(content.snippets, (i) => ({
      source_id: content.sources[i],
      snapshot_id: content.snapshots[i],
      ordinal: 0,
      text: texts[i],
      start_offset: 0,
      end_offset: Buffer.byteLength(texts[i] ?? ''),
      heading: `${mark} heading`,
    })),
  );
  await insert(
    db,
    'uploads',
    rowsOf(content.uploads, (i) => ({
      file_name: `${mark}-${i}.txt`,
      media_type: 'text/plain',
      bytes: 100,
      created_by: project.userId,
      created_at: now,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    })),
  );
  await insert(
    db,
    'papers',
    rowsOf(content.papers, (i) => ({
      status: 'READY',
      title: `${mark} paper ${i}`,
      authors: [`${mark} Author`],
      media_type: 'text/plain',
      content_sha256: sha256(`original ${i}`),
      source_id: content.sources[i],
      snapshot_id: content.snapshots[i],
      created_at: now,
    })),
  );
  await seedReadings(db, { project, mark, texts, content });

  const run = (kind: string, status: string) => ({
    kind,
    status,
    current_stage: 'outline',
    limits: LIMITS,
    input_hash: 'seeded',
    created_by: project.userId,
    last_seq: count,
    created_at: now,
  });
  await insert(
    db,
    'runs',
    rowsOf(content.ingestionRuns, () => run('INGESTION', 'SUCCEEDED')),
  );
  await insert(
    db,
    'ingestion_runs',
    content.ingestionRuns.map((run_id, i) => ({
      run_id,
      ...place,
      content_sha256: sha256(`original ${i}`),
      media_type: 'text/plain',
      facts: {},
      paper_id: content.papers[i],
    })),
  );
  await insert(
    db,
    'runs',
    rowsOf(content.researchRuns, () => run('RESEARCH', 'BLOCKED')),
  );
  await insert(
    db,
    'run_origins',
    content.researchRuns.map((run_id, i) => ({
      run_id,
      ...place,
      how: i % 2 === 0 ? 'REPLAY' : 'FORK',
      origin_id: content.researchRuns.at(i - 1),
      from_stage: i % 2 === 0 ? null : 'draft',
    })),
  );
  await insert(
    db,
    'input_requests',
    content.requests.map((id, i) => ({
      id,
      tenant_id: project.tenantId,
      run_id: content.researchRuns[i],
      stage: 'outline',
      kind: 'OUTLINE_APPROVAL',
      prompt: `${mark} prompt`,
      proposal: { sections: [{ heading: `${mark} section` }] },
      status: 'OPEN',
      created_at: now,
    })),
  );
  for (const run_id of [...content.ingestionRuns, ...content.researchRuns]) {
    await insert(
      db,
      'run_stages',
      STAGES.map((name, position) => ({
        run_id,
        tenant_id: project.tenantId,
        name,
        position,
        status: 'SUCCEEDED',
        attempt: 1,
        losses: 0,
        progress: { done: 1, total: 1, unit: null, message: `${mark} progress` },
      })),
    );
    await insert(
      db,
      'run_events',
      numbers.map((i) => ({
        run_id,
        tenant_id: project.tenantId,
        seq: i + 1,
        at: now,
        level: 'INFO',
        stage: 'outline',
        type: 'LOG_LINE',
        message: `${mark} event`,
        payload: { line: `${mark} payload` },
      })),
    );
  }
  for (const runId of content.researchRuns) await seedResults(db, { project, runId, mark, texts, content });
  return content;
}

interface Readings {
  project: SeededProject;
  mark: string;
  texts: readonly string[];
  content: SeededContent;
}

/** What an engine read from each paper, one of everything, and a claim of the paper with its receipt. */
async function seedReadings(db: TestDatabase, { project, mark, texts, content }: Readings): Promise<void> {
  const place = { tenant_id: project.tenantId, project_id: project.projectId };
  await insert(
    db,
    'paper_structures',
    texts.map((text, i) => ({
      snapshot_id: content.snapshots[i],
      ...place,
      paper_id: content.papers[i],
      engine: MAKER,
      structure: seededStructure(mark, text),
      lines: [[0, Buffer.byteLength(text), 1, 72, 100, 400, 12]],
      created_at: new Date().toISOString(),
    })),
  );
  await insert(
    db,
    'claims',
    texts.map((text, i) => ({
      id: content.paperClaims[i],
      ...place,
      paper_id: content.papers[i],
      ordinal: 0,
      section: `${mark} section`,
      text,
      score: 1,
    })),
  );
  await insert(
    db,
    'receipts',
    texts.map((text, i) => receiptRow({ project, text, content }, i, content.paperClaims[i] ?? '', 'SUPPORTS')),
  );
}

function seededStructure(mark: string, text: string): StructuredPaper {
  const place = {
    startOffset: 0,
    endOffset: Buffer.byteLength(text),
    page: 1,
    box: { x: 72, y: 100, width: 400, height: 12 },
  };
  const nothing = { year: null, venue: null, doi: null, arxivId: null, url: null };
  return {
    engine: MAKER,
    title: `${mark} paper`,
    authors: [{ name: `${mark} Author`, affiliations: [mark], email: null, orcid: null, ...place }],
    abstract: `${mark} abstract`,
    year: null,
    doi: null,
    arxivId: null,
    keywords: [mark],
    pages: [{ number: 1, width: 612, height: 792 }],
    places: { title: place, abstract: place },
    sections: [{ heading: mark, level: 1, role: 'METHOD', text, ...place }],
    equations: [{ number: '1', text: mark, ...place }],
    tables: [{ label: 'Table 1', caption: mark, rows: [[mark]], ...place }],
    figures: [{ label: 'Figure 1', caption: mark, ...place }],
    references: [{ label: '1', raw: mark, title: mark, authors: [mark], ...nothing, ...place }],
    citations: [{ text: '[1]', references: [0], ...place }],
    datasets: [{ name: mark, sentence: text, ...place }],
    metrics: [{ name: mark, value: 1, unit: null, raw: '1', sentence: text, ...place }],
    claims: [{ text, section: mark, score: 1, ...place }],
    confidence: [{ field: 'title', score: 1, basis: mark }],
    uncertainties: [{ code: 'EQUATIONS_UNREADABLE', message: mark, page: 1 }],
  };
}

/** Into the snapshot of that number, whose whole text is the quote. */
const receiptRow = (
  { project, text, content }: { project: SeededProject; text: string; content: SeededContent },
  number: number,
  claimId: string,
  stance: string,
): Row => ({
  id: newId(),
  tenant_id: project.tenantId,
  project_id: project.projectId,
  claim_id: claimId,
  snippet_id: content.snippets[number],
  snapshot_id: content.snapshots[number],
  snapshot_sha256: sha256(text),
  quote: text,
  start_offset: 0,
  end_offset: Buffer.byteLength(text),
  stance,
  score: 1,
});

interface Results extends Readings {
  runId: string;
}

/** What a research run leaves: sources, claims, receipts, report, trust, artifacts (two names, so many versions). */
async function seedResults(db: TestDatabase, { project, runId, mark, texts, content }: Results): Promise<void> {
  const place = { tenant_id: project.tenantId, project_id: project.projectId };
  const claims = texts.map((text) => ({ id: newId(), text }));
  const now = new Date().toISOString();
  content.claims.push(...claims.map(({ id }) => id));
  await insert(
    db,
    'research_sources',
    content.sources.map((source_id) => ({
      id: newId(),
      ...place,
      run_id: runId,
      source_id,
      score: 1,
    })),
  );
  await insert(
    db,
    'claims',
    claims.map(({ id, text }, ordinal) => ({
      id,
      ...place,
      run_id: runId,
      ordinal,
      section: `${mark} section`,
      text,
      verdict: 'SUPPORTED',
      confidence: 1,
    })),
  );
  await insert(
    db,
    'receipts',
    claims.flatMap(({ id, text }, i) =>
      ['SUPPORTS', 'REFUTES'].map((stance) => receiptRow({ project, text, content }, i, id, stance)),
    ),
  );
  const sentences = claims.map(({ id, text }) => ({ text, startOffset: 0, endOffset: 1, claimId: id }));
  await insert(db, 'research_runs', [
    {
      run_id: runId,
      ...place,
      question: `${mark} question?`,
      approve_outline: true,
      outline: { title: `${mark} outline`, sections: [{ heading: `${mark} section`, facet: null, evidenceCount: 1 }] },
      report: {
        title: `${mark} report`,
        markdown: `${mark} report`,
        wordCount: 2,
        sections: [{ heading: mark, level: 2, sentences }],
      },
    },
  ]);
  await insert(db, 'trust_scores', [
    {
      run_id: runId,
      ...place,
      overall: 1,
      components: [{ name: 'receipts', score: 1, weight: 1, basis: `${mark} basis` }],
      flags: [{ code: 'SEEDED', message: `${mark} flag` }],
      computed_at: now,
    },
  ]);
  const version = content.artifacts.length / texts.length;
  const artifacts = texts.map((text, i) => ({
    id: newId(),
    ...place,
    run_id: runId,
    name: `${mark}-${i % 2}-${Math.floor(i / 2)}.md`,
    kind: 'REPORT',
    version: version + 1,
    media_type: 'text/markdown',
    bytes: Buffer.byteLength(text),
    sha256: sha256(text),
    created_at: now,
  }));
  content.artifacts.push(...artifacts.map(({ id }) => id));
  await insert(db, 'artifacts', artifacts);
}

/** All rows have the columns of the first. */
export async function insert(db: TestDatabase, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await db.admin.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
