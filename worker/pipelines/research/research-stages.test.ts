import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ArtifactEntity } from '../../../src/artifacts/artifact.entity.js';
import { ClaimEntity } from '../../../src/claims/claim.entity.js';
import { type ClaimMap, verifyClaimMap } from '../../../src/claims/claim-map.js';
import { ReceiptEntity } from '../../../src/claims/receipt.entity.js';
import { checkOutlineAnswer } from '../../../src/kinds/research/check-outline-answer.js';
import { ResearchRunEntity } from '../../../src/kinds/research/research-run.entity.js';
import { ResearchSourceEntity } from '../../../src/kinds/research/research-source.entity.js';
import { contentKey } from '../../../src/platform/blobs/blob-key.js';
import { recountTrust } from '../../../src/trust/score-trust.js';
import { TrustScoreEntity } from '../../../src/trust/trust-score.entity.js';
import type { SeededProject } from '../../../tests/support/seed-project.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import type { Drafted } from './checkpoints.js';
import { type FinishedRun, openResearchBench, type ResearchBench } from './research-bench.fixture.js';

const LIBRARY = ROOF_ARTICLES.map(({ title, authors, year, body }, index) => ({
  name: `article-${index}.md`,
  title,
  authors,
  ...(year !== null && { year }),
  content: `# ${title}\n\n${body}\n`,
}));

describe('the research stages over a real database', () => {
  let bench: ResearchBench;
  let project: SeededProject;
  let finished: FinishedRun;
  beforeAll(async () => {
    bench = await openResearchBench();
    project = await bench.addLibrary(LIBRARY);
    finished = await bench.run(project, { question: ROOF_QUESTION });
  });
  afterAll(() => bench?.close());

  const em = () => bench.db.database.asTenant(project.tenantId);
  const readFile = async (runId: string, name: string): Promise<string> => {
    const artifact = await em().findOneOrFail(ArtifactEntity, { runId, name });
    return (await bench.blobs.read(contentKey(project.tenantId, artifact.sha256), 10_000_000)).toString('utf8');
  };

  it('publish eight files, one of which proves the report without the server', async () => {
    const artifacts = await em().find(ArtifactEntity, { runId: finished.runId }, { orderBy: { name: 'asc' } });
    expect(artifacts.map(({ name, kind }) => [name, kind])).toEqual([
      ['claims.json', 'CLAIM_MAP'],
      ['references.bib', 'SOURCES'],
      ['references.csl.json', 'SOURCES'],
      ['report.docx', 'REPORT'],
      ['report.html', 'REPORT'],
      ['report.json', 'DATA'],
      ['report.md', 'REPORT'],
      ['report.pdf', 'REPORT'],
    ]);
    const map = JSON.parse(await readFile(finished.runId, 'claims.json')) as ClaimMap;
    const checks = verifyClaimMap(map);
    expect(checks.length).toBeGreaterThanOrEqual(map.claims.length);
    expect(checks.filter((check) => !check.verified)).toEqual([]);
    const trust = await em().findOneOrFail(TrustScoreEntity, { runId: finished.runId });
    expect(recountTrust(map)).toEqual({ overall: trust.overall, components: trust.components, flags: trust.flags });
  });

  it('publish all but the PDF where Typst cannot be loaded, with a warning that says why', async () => {
    vi.doMock('@myriaddreamin/typst-ts-node-compiler', () => {
      throw new Error('no build for this platform');
    });
    const run = await bench.run(project, { question: ROOF_QUESTION });
    vi.doUnmock('@myriaddreamin/typst-ts-node-compiler');
    const names = (await em().find(ArtifactEntity, { runId: run.runId })).map(({ name }) => name);
    expect(names).toHaveLength(7);
    expect(names).not.toContain('report.pdf');
    expect(run.events.filter(({ type }) => type === 'UNCERTAINTY_FOUND')).toEqual([
      expect.objectContaining({ level: 'WARN', payload: { code: 'PDF_NOT_MADE', page: null } }),
    ]);
    expect(await readFile(run.runId, 'report.md')).toBe(await readFile(finished.runId, 'report.md'));
  });

  it('read where a source explains an abbreviation that the passages found only use', async () => {
    const filler = Array.from(
      { length: 12 },
      (_, index) =>
        `## Visit ${index}\n\nThe committee of the town met for the ${index + 1}th time and spoke about the budget of schools, libraries and streets at some length.`,
    ).join('\n\n');
    const content = `# Notes on slopes\n\n## Names\n\nA vegetated mineral substrate (VMS) was named by a committee in Oslo.\n\n${filler}\n\n## Slopes\n\nThe VMS of sloped roofs retains rainwater because its pores are narrow. Sloped roofs with VMS retain rainwater for two hours after a storm. Rainwater leaves sloped roofs slowly where the VMS is deep.\n`;
    const other = await bench.addLibrary([{ name: 'slopes.md', title: 'Notes on slopes', authors: [], content }]);
    const run = await bench.run(other, { question: 'How do sloped roofs retain rainwater?' });
    const map = JSON.parse(
      (
        await bench.blobs.read(
          contentKey(
            other.tenantId,
            (
              await bench.db.database
                .asTenant(other.tenantId)
                .findOneOrFail(ArtifactEntity, { runId: run.runId, name: 'claims.json' })
            ).sha256,
          ),
          10_000_000,
        )
      ).toString('utf8'),
    ) as ClaimMap;
    expect(map.abbreviations).toMatchObject([
      { short: 'VMS', long: 'vegetated mineral substrate', receipt: { quote: 'vegetated mineral substrate (VMS)' } },
    ]);
    expect(verifyClaimMap(map).filter((check) => !check.verified)).toEqual([]);
  });

  it('leave claims with verdicts and receipts, and a report whose sentences name them', async () => {
    const claims = await em().find(ClaimEntity, { runId: finished.runId }, { orderBy: { ordinal: 'asc' } });
    expect(claims.length).toBeGreaterThanOrEqual(6);
    expect(claims.map((claim) => claim.id)).toEqual(claims.map((claim) => claim.id).sort());
    expect(claims.every((claim) => claim.verdict !== null && claim.confidence !== null)).toBe(true);
    const receipts = await em().find(ReceiptEntity, { claimId: { $in: claims.map((claim) => claim.id) } });
    expect(new Set(receipts.map((receipt) => receipt.claimId)).size).toBe(claims.length);
    const { report, outline } = await em().findOneOrFail(ResearchRunEntity, { runId: finished.runId });
    const named = report?.sections
      .flatMap((section) => section.sentences)
      .flatMap((sentence) => sentence.claimId ?? []);
    expect(new Set(named)).toEqual(new Set(claims.map((claim) => claim.id)));
    expect(report?.markdown).toBe(await readFile(finished.runId, 'report.md'));
    expect(outline?.sections.length).toBeGreaterThan(0);
  });

  it('tell what they found, checked and published', async () => {
    const types = finished.events.map((event) => event.type);
    expect(types.filter((type) => type === 'SOURCE_FOUND').length).toBe(
      await em().count(ResearchSourceEntity, { runId: finished.runId }),
    );
    expect(types.filter((type) => type === 'CLAIM_CHECKED').length).toBe(
      await em().count(ClaimEntity, { runId: finished.runId }),
    );
    expect(types.filter((type) => type === 'ARTIFACT_PUBLISHED')).toHaveLength(8);
  });

  it('write the same report for the same question and library', async () => {
    const again = await bench.run(project, { question: ROOF_QUESTION });
    const hashes = async (runId: string) =>
      (await em().find(ArtifactEntity, { runId }, { orderBy: { name: 'asc' } })).map(({ name, sha256 }) => [
        name,
        sha256,
      ]);
    expect(await hashes(again.runId)).toEqual(await hashes(finished.runId));
  });

  it('keep to the ceiling of sources', async () => {
    const run = await bench.run(project, { question: ROOF_QUESTION, sources: 2 });
    expect(await em().count(ResearchSourceEntity, { runId: run.runId })).toBeLessThanOrEqual(2);
  });

  it('end EMPTY_LIBRARY in a project without sources, and say what to do', async () => {
    const empty = await bench.addLibrary([]);
    await expect(bench.run(empty, { question: ROOF_QUESTION })).rejects.toMatchObject({
      code: 'EMPTY_LIBRARY',
      hint: expect.stringContaining('ingestPaper'),
    });
  });

  it.each(['What is the melting point of tungsten?', 'Zxqv wobblefrotz?'])(
    'end INSUFFICIENT_EVIDENCE for “%s”',
    async (question) => {
      await expect(bench.run(project, { question })).rejects.toMatchObject({ code: 'INSUFFICIENT_EVIDENCE' });
    },
  );

  describe('between draft and factcheck', () => {
    const tamper = (change: (drafted: Drafted) => void) => ({
      question: ROOF_QUESTION,
      strike: (stage: string, outputs: Map<string, unknown>) => {
        if (stage === 'draft') change(outputs.get('draft') as Drafted);
      },
    });
    const claimWith = ({ draft }: Drafted, pattern: RegExp) => {
      const claim = draft.claims.find((candidate) => pattern.test(candidate.text));
      if (!claim) throw new Error(`no claim with ${pattern.source}`);
      return claim;
    };

    it('a changed number fails the run, and the sentence is named', async () => {
      const run = bench.run(
        project,
        tamper((drafted) => {
          const claim = claimWith(drafted, /12%/u);
          claim.text = claim.text.replace('12%', '21%');
        }),
      );
      await expect(run).rejects.toMatchObject({ code: 'GATE_FAILED', message: expect.stringContaining('21%') });
    });

    it('a dropped negation fails the run', async () => {
      const run = bench.run(
        project,
        tamper((drafted) => {
          const claim = claimWith(drafted, /do not replace/u);
          claim.text = claim.text.replace('do not replace', 'do replace');
        }),
      );
      await expect(run).rejects.toMatchObject({
        code: 'GATE_FAILED',
        details: { findings: [{ code: 'NEGATION_CHANGED' }] },
      });
    });

    it('a swapped source fails the run', async () => {
      const run = bench.run(
        project,
        tamper(({ draft }) => {
          const [first] = draft.claims;
          const other = draft.claims.find((claim) => claim.receipts[0]?.sourceId !== first?.receipts[0]?.sourceId);
          if (!first || !other) throw new Error('no second source');
          for (const receipt of first.receipts) receipt.sourceId = other.receipts[0]?.sourceId ?? '';
        }),
      );
      await expect(run).rejects.toMatchObject({ code: 'GATE_FAILED' });
    });

    it('titles that change places in the list of sources fail the run', async () => {
      const run = bench.run(
        project,
        tamper(({ draft }) => {
          const [a, b] = draft.sources;
          if (!a || !b) throw new Error('no second source');
          [a.title, b.title] = [b.title, a.title];
        }),
      );
      await expect(run).rejects.toMatchObject({ code: 'GATE_FAILED' });
    });

    it.each([
      [
        'a number changed in the stored claim',
        `update claims set text = replace(text, '12%', '13%') where run_id = $1 and text like '%12\\%%'`,
      ],
      [
        'a quote changed in the stored receipt',
        `update receipts set quote = overlay(quote placing 'XX' from 1 for 2) where claim_id in (select id from claims where run_id = $1 and ordinal = 0)`,
      ],
      [
        'a stored receipt removed',
        `delete from receipts where claim_id in (select id from claims where run_id = $1 and ordinal = 0)`,
      ],
    ])('%s fails the run', async (_, sql) => {
      const run = bench.run(project, {
        question: ROOF_QUESTION,
        strike: async (stage) => {
          if (stage !== 'draft') return;
          const { rows } = await bench.db.admin.query('select run_id from research_runs order by run_id desc limit 1');
          const changed = await bench.db.admin.query(sql, [rows[0].run_id]);
          expect(changed.rowCount).toBeGreaterThan(0);
        },
      });
      await expect(run).rejects.toMatchObject({ code: 'GATE_FAILED' });
    });
  });

  it('write the sections a person has asked for', async () => {
    const run = await bench.run(project, {
      question: ROOF_QUESTION,
      answer: (request) =>
        checkOutlineAnswer(
          {
            title: 'Roofs in the rain',
            sections: [{ heading: 'Costs and upkeep' }, { heading: 'Retention of rainwater' }],
          },
          { proposal: request.proposal },
        ),
    });
    const { report, outline } = await em().findOneOrFail(ResearchRunEntity, { runId: run.runId });
    expect(report?.title).toBe('Roofs in the rain');
    expect(report?.sections.map((section) => section.heading)).toEqual([
      'Short answer',
      'Costs and upkeep',
      'Retention of rainwater',
      'Where the sources disagree',
      'What the evidence does not say',
    ]);
    expect(outline?.title).toBe('Roofs in the rain');
  });

  it('write what was proposed when it is approved', async () => {
    const run = await bench.run(project, {
      question: ROOF_QUESTION,
      answer: ({ proposal }) => checkOutlineAnswer({ approve: true }, { proposal }),
    });
    expect(await readFile(run.runId, 'report.md')).toBe(await readFile(finished.runId, 'report.md'));
  });
});
