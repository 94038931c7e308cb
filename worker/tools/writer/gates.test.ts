import { describe, expect, it } from 'vitest';
import { checkFacts } from './check-facts.js';
import type { Draft, DraftClaim } from './draft-shape.js';
import { planOutline } from './outline.js';
import { ROOF_ARTICLES, ROOF_QUESTION, roofLibrary } from './roof-library.fixture.js';
import { judgeStance, readAssertion } from './stance.js';
import { validateDraft } from './validate-draft.js';
import { words } from './words.js';
import { writeDraft } from './write-draft.js';

const library = roofLibrary();
const clean = writeDraft(planOutline(ROOF_QUESTION, library.snippets), library.snippets);

/** The clean draft with one claim altered. */
const withClaim = (key: string, alter: (claim: DraftClaim) => DraftClaim): Draft => ({
  ...clean,
  claims: clean.claims.map((claim) => (claim.key === key ? alter(claim) : claim)),
});

const faultsOf = (draft: Draft) => checkFacts(draft, library).failures;

describe('the factcheck gate', () => {
  it('lets the clean draft pass with every receipt verified', () => {
    const check = checkFacts(clean, library);
    expect(check.failures).toEqual([]);
    expect(check.receiptsVerified).toBe(clean.claims.flatMap((claim) => claim.receipts).length);
  });

  const numbers = clean.claims.flatMap((claim) =>
    [...claim.text.replace(/\(\d{4}\)/u, '').matchAll(/\d+/gu)].map((match) => ({ key: claim.key, digits: match[0] })),
  );

  it('has numbers to tamper with', () => expect(numbers.length).toBeGreaterThanOrEqual(5));

  it.each(numbers)('fails $key when $digits is changed, by a digit, tenfold or by a decimal', ({ key, digits }) => {
    for (const other of [String(Number(digits) + 1), `${digits}0`, `${digits}.5`, `-${digits}`]) {
      const draft = withClaim(key, (claim) => ({
        ...claim,
        text: claim.text.replace(new RegExp(`(?<!\\()\\b${digits}\\b`, 'u'), other),
      }));
      const failures = faultsOf(draft);
      expect(failures[0]).toMatchObject({ claim: key, fault: 'NUMBER_CHANGED' });
      expect(failures[0]?.sentence).toContain(other);
    }
  });

  it('fails when a unit is changed', () => {
    const percent = clean.claims.find((claim) => claim.text.includes('%'));
    expect(
      faultsOf(withClaim(percent?.key ?? '', (claim) => ({ ...claim, text: claim.text.replace('%', '') })))[0]?.fault,
    ).toBe('NUMBER_CHANGED');
  });

  it('fails when a negation is dropped', () => {
    const negated = clean.claims.find((claim) => / do not /u.test(claim.text));
    const failures = faultsOf(
      withClaim(negated?.key ?? '', (claim) => ({ ...claim, text: claim.text.replace(' do not ', ' do ') })),
    );
    expect(failures[0]).toMatchObject({ claim: negated?.key, fault: 'NEGATION_CHANGED' });
    expect(failures[0]?.explanation).toContain('“not”');
  });

  it.each(clean.claims.map((claim) => claim.key))('fails %s when a negation is put in', (key) => {
    const draft = withClaim(key, (claim) => ({ ...claim, text: claim.text.replace(/ (\p{Ll}+[^“]*)$/u, ' not $1') }));
    expect(faultsOf(draft).map((failure) => failure.fault)).toContain('NEGATION_CHANGED');
  });

  it.each(clean.claims.filter((claim) => !claim.attributed).map((claim) => claim.key))(
    'fails %s for every single word that is left out',
    (key) => {
      const text = clean.claims.find((claim) => claim.key === key)?.text ?? '';
      for (const word of words(text)) {
        const draft = withClaim(key, (claim) => ({ ...claim, text: text.slice(0, word.start) + text.slice(word.end) }));
        expect(faultsOf(draft).map((failure) => failure.claim)).toContain(key);
      }
    },
  );

  it('fails when a direction is turned round', () => {
    const lower = clean.claims.find((claim) => claim.text.includes(' lower '));
    const draft = withClaim(lower?.key ?? '', (claim) => ({
      ...claim,
      text: claim.text.replace(' lower ', ' raise '),
    }));
    expect(faultsOf(draft)[0]).toMatchObject({ claim: lower?.key, fault: 'WORDS_CHANGED' });
  });

  describe('with a swapped source', () => {
    const [first] = clean.claims;
    const other = clean.claims.find((claim) => claim.receipts[0]?.sourceId !== first?.receipts[0]?.sourceId);
    const key = first?.key ?? '';

    it('fails when the citation is', () => {
      const draft = withClaim(key, (claim) => ({ ...claim, citations: other?.citations ?? [] }));
      expect(faultsOf(draft)[0]).toMatchObject({ claim: key, fault: 'SOURCE_SWAPPED' });
    });

    it('fails when the receipt is attributed to another source', () => {
      const draft = withClaim(key, (claim) => ({
        ...claim,
        receipts: claim.receipts.map((receipt) => ({ ...receipt, sourceId: other?.receipts[0]?.sourceId ?? '' })),
      }));
      expect(faultsOf(draft).map((failure) => failure.fault)).toContain('SOURCE_SWAPPED');
    });

    it('fails when the whole receipt is replaced by a true one of another claim', () => {
      const draft = withClaim(key, (claim) => ({
        ...claim,
        receipts: other?.receipts ?? [],
        citations: other?.citations ?? [],
      }));
      expect(faultsOf(draft)[0]?.claim).toBe(key);
    });

    it('fails when the receipt points into another snapshot', () => {
      const place = other?.receipts[0];
      const draft = withClaim(key, (claim) => ({
        ...claim,
        receipts: claim.receipts.map((receipt) => ({
          ...receipt,
          snapshotId: place?.snapshotId ?? '',
          snapshotSha256: place?.snapshotSha256 ?? '',
          sourceId: place?.sourceId ?? '',
        })),
      }));
      expect(faultsOf(draft)[0]).toMatchObject({ claim: key, fault: 'QUOTE_NOT_FOUND' });
    });

    it('fails when two entries of the list of sources change places', () => {
      const [a, b, ...rest] = clean.sources;
      const draft = { ...clean, sources: [b, a, ...rest].flatMap((source) => source ?? []) };
      expect(faultsOf(draft).length).toBeGreaterThan(0);
    });

    it('fails when the list gives another title under the same id', () => {
      const draft = {
        ...clean,
        sources: clean.sources.map((source, index) => (index === 0 ? { ...source, title: 'Another paper' } : source)),
      };
      expect(faultsOf(draft)[0]?.fault).toBe('SOURCE_SWAPPED');
    });

    it('fails when an attribution names somebody else', () => {
      const spoken = clean.claims.find((claim) => claim.attributed);
      const draft = withClaim(spoken?.key ?? '', (claim) => ({
        ...claim,
        text: claim.text.replace('Lind and Marsh', 'Moss'),
      }));
      expect(faultsOf(draft)[0]).toMatchObject({ claim: spoken?.key, fault: 'SOURCE_SWAPPED' });
    });
  });

  it('fails when a snapshot was altered by one byte', () => {
    const snapshots = new Map(library.snapshots);
    const [id, bytes] = [...snapshots][0] ?? [];
    if (id === undefined || bytes === undefined) throw new Error('no snapshot');
    const altered = Buffer.from(bytes);
    altered[altered.length - 2] = 0x21;
    snapshots.set(id, altered);
    expect(checkFacts(clean, { ...library, snapshots }).failures[0]?.fault).toBe('HASH_MISMATCH');
  });

  it('fails when the quote and its offsets drift apart', () => {
    const draft = withClaim('c1', (claim) => ({
      ...claim,
      receipts: claim.receipts.map((receipt) => ({
        ...receipt,
        startOffset: receipt.startOffset + 1,
        endOffset: receipt.endOffset + 1,
      })),
    }));
    expect(faultsOf(draft)[0]).toMatchObject({ claim: 'c1', fault: 'QUOTE_NOT_FOUND' });
  });

  it('fails a further receipt that does not say the same', () => {
    const twice = clean.claims.find((claim) => claim.receipts.length > 1);
    const alien = clean.claims.find((claim) => claim.receipts[0]?.sourceId === twice?.receipts[1]?.sourceId)
      ?.receipts[0];
    const draft = withClaim(twice?.key ?? '', (claim) => ({
      ...claim,
      receipts: claim.receipts.map((receipt, index) => (index === 1 && alien ? alien : receipt)),
    }));
    expect(faultsOf(draft)[0]).toMatchObject({ claim: twice?.key, fault: 'NOT_THE_SAME_CLAIM' });
  });
});

describe('a further source for a claim', () => {
  /** Stances of the receipts of the claim on steep roofs, the last article saying it as given. */
  function stances(sentence: string) {
    const articles = ROOF_ARTICLES.map((article) => ({
      ...article,
      body: article.body.replace(/Steep green roofs hold less rainwater than flat ones, .*$/u, sentence),
    }));
    const evidence = roofLibrary(articles);
    const draft = writeDraft(planOutline(ROOF_QUESTION, evidence.snippets), evidence.snippets);
    const key = draft.claims.find((claim) => /^(?:.*“)?Steep/u.test(claim.text))?.key;
    const check = checkFacts(draft, evidence);
    expect(check.failures).toEqual([]);
    const checked = check.claims.find((claim) => claim.key === key);
    return { stances: checked?.receipts.map((receipt) => receipt.stance), confidence: checked?.confidence };
  }

  it('counts when it says the same', () => {
    const same = 'Steep green roofs hold less rainwater than flat ones, because the water leaves the medium faster.';
    expect(stances(same)).toEqual({ stances: ['SUPPORTS', 'SUPPORTS'], confidence: 0.9 });
  });

  it('is none when it only supposes what the claim says', () => {
    const hedged =
      'Steep green roofs possibly hold less water than flat ones because water leaves the growing medium faster.';
    const flat = 'Steep green roofs hold less rainwater than flat ones because water leaves the growing medium faster.';
    expect(judgeStance(readAssertion(flat), readAssertion(hedged)).stance).toBe('SUPPORTS'); // by its words alone
    expect(stances(hedged)).toEqual({ stances: ['SUPPORTS'], confidence: 0.75 });
  });
});

describe('the validate gate', () => {
  const codesOf = (draft: Draft) => validateDraft(draft, library.snippets).map((issue) => issue.code);

  it('lets the clean draft pass', () => expect(codesOf(clean)).toEqual([]));

  it.each<[string, Draft]>([
    ['NO_RECEIPT', withClaim('c2', (claim) => ({ ...claim, receipts: [], citations: [] }))],
    [
      'BAD_OFFSETS',
      withClaim('c2', (claim) => ({
        ...claim,
        receipts: claim.receipts.map((receipt) => ({ ...receipt, endOffset: receipt.endOffset + 9_000 })),
      })),
    ],
    [
      'BAD_OFFSETS',
      withClaim('c2', (claim) => ({
        ...claim,
        receipts: claim.receipts.map((receipt) => ({ ...receipt, startOffset: -1 })),
      })),
    ],
    [
      'UNKNOWN_SNIPPET',
      withClaim('c2', (claim) => ({
        ...claim,
        receipts: claim.receipts.map((receipt) => ({ ...receipt, snippetId: 'elsewhere' })),
      })),
    ],
    ['BAD_CITATION', withClaim('c2', (claim) => ({ ...claim, citations: [99] }))],
    ['DUPLICATE', withClaim('c2', (claim) => ({ ...claim, text: clean.claims[0]?.text ?? '' }))],
    ['OVER_LIMIT', withClaim('c2', (claim) => ({ ...claim, text: 'long '.repeat(200) }))],
    [
      'UNUSED_CLAIM',
      {
        ...clean,
        claims: [
          ...clean.claims,
          ...clean.claims.slice(0, 1).map((claim) => ({ ...claim, key: 'c99', text: 'Another one.' })),
        ],
      },
    ],
    [
      'UNKNOWN_CLAIM',
      {
        ...clean,
        sections: clean.sections.map((section, index) =>
          index === 1
            ? { ...section, paragraphs: [...section.paragraphs, [{ kind: 'CLAIM' as const, claim: 'c77' }]] }
            : section,
        ),
      },
    ],
    [
      'EMPTY_SECTION',
      {
        ...clean,
        sections: clean.sections.map((section, index) => (index === 1 ? { ...section, paragraphs: [] } : section)),
      },
    ],
    [
      'UNMARKED_CLAIM',
      {
        ...clean,
        sections: clean.sections.map((section, index) =>
          index === 1
            ? {
                ...section,
                paragraphs: [
                  [{ kind: 'PROSE' as const, text: 'Green roofs save 80% of all energy.' }],
                  ...section.paragraphs,
                ],
              }
            : section,
        ),
      },
    ],
    [
      'UNMARKED_CLAIM',
      {
        ...clean,
        sections: clean.sections.map((section, index) =>
          index === 1
            ? {
                ...section,
                paragraphs: [
                  [{ kind: 'PROSE' as const, text: 'On the question “is it true that green roofs save 80%”:' }],
                  ...section.paragraphs,
                ],
              }
            : section,
        ),
      },
    ],
  ])('names %s', (code, draft) => expect(codesOf(draft)).toContain(code));
});
