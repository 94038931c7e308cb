import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyClaimMap } from '../../../src/claims/claim-map.js';
import { recountTrust, scoreTrust } from '../../../src/trust/score-trust.js';
import { requireEvidence } from './assess-evidence.js';
import { checkFacts } from './check-facts.js';
import { finishReport } from './finish-report.js';
import { planOutline } from './outline.js';
import { renderClaimMap } from './render-claims.js';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { ROOF_ARTICLES, ROOF_QUESTION, roofLibrary } from './roof-library.fixture.js';
import { validateDraft } from './validate-draft.js';
import { writeDraft } from './write-draft.js';

function write(question = ROOF_QUESTION) {
  const library = roofLibrary();
  const outline = planOutline(question, library.snippets);
  const draft = writeDraft(outline, library.snippets);
  const check = checkFacts(draft, library);
  const report = finishReport(draft, check, library.sources);
  const rendered = renderMarkdown(report);
  const map = renderClaimMap(
    report,
    library.sources,
    library.sources.map((source) => ({
      id: source.snapshotId,
      sha256: source.snapshotSha256,
      bytes: library.snapshots.get(source.snapshotId)?.length ?? 0,
      mediaType: 'text/markdown',
      originalSha256: null,
      extractor: null,
      text: library.snapshots.get(source.snapshotId)?.toString('utf8') ?? null,
    })),
  );
  return { library, outline, draft, check, report, rendered, map };
}

describe('a report of the roof library', () => {
  it('passes both gates as it was drafted', () => {
    const { draft, library, check } = write();
    expect(validateDraft(draft, library.snippets)).toEqual([]);
    expect(check.failures).toEqual([]);
    expect(draft.claims.length).toBeGreaterThanOrEqual(8);
  });

  it('is the same bytes as the golden file, and the same bytes when written again', () => {
    const { rendered } = write();
    expect(write().rendered.markdown).toBe(rendered.markdown);
    expect(rendered.markdown).toBe(readFileSync(new URL('./roof-report.golden.md', import.meta.url), 'utf8'));
  });

  it('does not depend on the order in which snippets were retrieved', () => {
    const library = roofLibrary();
    const shuffled = [...library.snippets].reverse();
    expect(writeDraft(planOutline(ROOF_QUESTION, shuffled), shuffled)).toEqual(write().draft);
  });

  it('quotes no sentence that leans on its neighbour or points at a figure', () => {
    const text = write()
      .draft.claims.map((claim) => claim.text)
      .join('\n');
    for (const phrase of ['This makes it', 'These results', 'It depends', 'Figure 2', 'organised as follows'])
      expect(text).not.toContain(phrase);
  });

  it('names the authors before a sentence that speaks in their voice', () => {
    const text = write()
      .draft.claims.map((claim) => claim.text)
      .join('\n');
    expect(text).toContain(
      'Lind and Marsh (2016) report: “We found that green roofs which retain rainwater delayed the peak of runoff by 18 minutes on average.”',
    );
  });

  it('drops the opening and the citation marker of a source and keeps its words', () => {
    const claim = write().draft.claims.find((candidate) =>
      candidate.receipts[0]?.quote.startsWith('However, a green roof retains'),
    );
    expect(claim?.text).toBe('A green roof retains less rainwater when the medium is already wet.');
  });

  it('merges a sentence two sources share into one claim with two receipts', () => {
    const shared = write().draft.claims.filter((claim) => claim.text.startsWith('Steep green roofs hold less'));
    expect(shared).toHaveLength(1);
    expect(new Set(shared[0]?.receipts.map((receipt) => receipt.sourceId)).size).toBe(2);
  });

  it('marks a claim that another source contradicts as MIXED and shows the other number', () => {
    const { report, rendered } = write();
    const disputed = report.claims.filter((claim) => claim.verdict === 'MIXED');
    expect(disputed.length).toBeGreaterThan(0);
    expect(disputed.every((claim) => /\b(?:56|41)%/u.test(claim.text))).toBe(true);
    expect(rendered.markdown).toContain('Against this: “');
    expect(rendered.markdown).toMatch(/contradicted by another source/u);
  });

  it('gives every sentence its exact bytes of the Markdown', () => {
    const { rendered } = write();
    const bytes = Buffer.from(rendered.markdown, 'utf8');
    const sentences = rendered.sections.flatMap((section) => section.sentences);
    expect(sentences.length).toBeGreaterThan(10);
    for (const sentence of sentences) {
      expect(bytes.subarray(sentence.startOffset, sentence.endOffset).toString('utf8')).toBe(sentence.text);
    }
  });

  it('renders hostile sources as text in HTML and Markdown', () => {
    const { report, map, rendered } = write('Which plants and insects live on green roofs, and what limits them?');
    const html = renderHtml(report, scoreTrust(map));
    expect(html).not.toContain('<script');
    expect(html).toContain('Plants &amp; insects &lt;on&gt; roofs');
    expect(html).not.toContain('href="http');
    expect(rendered.markdown).toContain('Plants & insects \\<on\\> roofs');
    expect(rendered.markdown).not.toContain('](http');
  });

  it('links every claim of the page to receipts that exist', () => {
    const { report, map } = write();
    const html = renderHtml(report, scoreTrust(map));
    for (const [, target] of html.matchAll(/href="#([^"]+)"/gu)) expect(html).toContain(`id="${target ?? ''}"`);
  });

  it('can be verified and its trust recounted from claims.json alone', () => {
    const map = JSON.parse(JSON.stringify(write().map)) as ReturnType<typeof write>['map'];
    expect(verifyClaimMap(map).every((check) => check.verified)).toBe(true);
    expect(recountTrust(map)).toEqual(scoreTrust(map));
    expect(scoreTrust(map).components[0]?.basis).toBe(
      `${map.claims.length} of ${map.claims.length} claim sentences carry a receipt that verifies`,
    );
  });

  it('says what part of the question the library is silent about', () => {
    const { draft } = write('How do green roofs retain rainwater in growing medium, and do they attract bats?');
    expect(JSON.stringify(draft.sections[0])).toContain('bats'); // under the short answer
  });
});

describe('what is asked for and not found', () => {
  it('is said under the short answer: a form that no sentence has', () => {
    const { draft } = write('When do green roofs retain rainwater in the growing medium?');
    expect(JSON.stringify(draft.sections[0])).not.toContain('asks');
    const { draft: who } = write('What do people think of green roofs that retain rainwater?');
    expect(JSON.stringify(who.sections[0])).toContain(
      'asks what somebody thinks; no sentence quoted here that bears on it tells of an opinion',
    );
    expect(validateDraft(who, roofLibrary().snippets)).toEqual([]);
  });

  it('is one word that no source has for its subject', () => {
    const { assessment } = planOutline('water', roofLibrary().snippets);
    expect(assessment.shortfall).toContain('no source has it in its title or a heading');
    expect(planOutline('rainwater', roofLibrary().snippets).assessment.sufficient).toBe(true);
  });

  it('is hinted at for a question in another language', () => {
    const question = 'Wie halten die Dächer das Wasser zurück?';
    const { assessment } = planOutline(question, roofLibrary().snippets);
    expect(() => requireEvidence(assessment, question)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('another language') }),
    );
  });
});

describe('a question the library cannot answer', () => {
  it.each(['What is the melting point of tungsten?', 'How are proteins folded by chaperones?', 'What?', '🌿🌿'])(
    '%s is insufficient',
    (question) => {
      const { assessment, sections } = planOutline(question, roofLibrary().snippets);
      expect(assessment.sufficient).toBe(false);
      expect(assessment.shortfall).toMatch(/\.$/u);
      expect(sections).toEqual([]);
    },
  );

  it('is told that no quotable sentence has the word, when one has it that cannot stand alone', () => {
    const snippets = roofLibrary().snippets.slice(0, 1);
    const { assessment } = planOutline(
      'Do cats sleep in the sun?',
      snippets.map((snippet) => ({ ...snippet, text: 'Cats in the sun.' })),
    );
    expect(assessment.shortfall).toContain('No sentence that can be quoted speaks of');
  });

  it('is insufficient with no evidence at all', () => {
    expect(planOutline(ROOF_QUESTION, []).assessment.sufficient).toBe(false);
  });
});

describe('an outline a person has edited', () => {
  it('keeps the order and headings it was given and finds evidence for a new one', () => {
    const { outline, library } = write();
    const edited = {
      ...outline,
      edited: true,
      sections: [
        { heading: 'Costs and upkeep', facet: null, evidence: null },
        ...outline.sections.slice(0, 1).map((section) => ({ ...section, heading: 'Rain on the roof' })),
      ],
    };
    const headings = writeDraft(edited, library.snippets).sections.map((section) => section.heading);
    expect(headings).toEqual([
      'Short answer',
      'Costs and upkeep',
      'Rain on the roof',
      'What the evidence does not say',
    ]);
  });

  it('is refused when nothing can be said under its headings', () => {
    const { outline, library } = write();
    const edited = {
      ...outline,
      edited: true,
      sections: [{ heading: 'Volcanic tungsten', facet: null, evidence: null }],
    };
    expect(() => writeDraft(edited, library.snippets)).toThrow(/No section of the outline/u);
  });
});

describe('what a reader would have to guess', () => {
  const article = (title: string, author: string, body: string) => ({ title, authors: [author], year: 2020, body });
  const write = (question: string, ...articles: ReturnType<typeof article>[]) => {
    const library = roofLibrary([...ROOF_ARTICLES, ...articles]);
    return writeDraft(planOutline(question, library.snippets), library.snippets);
  };

  it('is left out: one mould with two sets of numbers, whose groups are named elsewhere', () => {
    const draft = write(
      ROOF_QUESTION,
      article(
        'Two roofs',
        'Ida Fern',
        `## Retention of rainwater\n\nThe green roof retained rainwater of 12 to 15 millimetres in each storm of the summer.\n\n## Second roof\n\nThe green roof retained rainwater of 31 to 38 millimetres in each storm of the summer.`,
      ),
    );
    expect(draft.claims.filter((claim) => claim.text.includes('in each storm'))).toEqual([]);
  });

  it('is named: whose tutorial it is', () => {
    const draft = write(
      'How do tutorials about green roofs help gardeners?',
      article(
        'Learning roofs',
        'Ida Fern',
        `## Gardeners\n\nThe tutorial about green roofs helps gardeners to plant sedum in a growing medium. Gardeners who read tutorials about green roofs make fewer errors with the membrane. Many gardeners of green roofs learn from tutorials and from their neighbours. Printed tutorials on green roofs reach gardeners who have no telephone. Tutorials with photographs show gardeners where the membrane of a green roof ends. Short tutorials tire gardeners of green roofs less than long lectures on plants. Ida Fern gave tutorials on green roofs to gardeners in Oslo.`,
      ),
    );
    const text = draft.claims.map((claim) => claim.text).join('\n');
    expect(text).toContain('Fern (2020) reports: “The tutorial about green roofs helps gardeners');
    expect(text).not.toContain('Ida Fern gave');
  });
});
