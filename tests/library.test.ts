/**
 * The built-in library's promise to its reader: every number in an article cites, in the same sentence, a published work
 * that the article's reference list names. Reads library/*.md only; fails naming the article and the sentence.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), '..', 'library');
const MIN_WORDS = 500; // of the body, references not counted
const MAX_WORDS = 1_000;

/** Digits that are part of a name and not a quantity: BM25, nDCG@10, TREC-8, Robust04, k1, arXiv.org is none. */
const NAMES = /\b[A-Za-z]+(?:-|@)?\d+\b/g;
/** Quantities written as words; "one", "two" and "first" are left out because they are mostly pronouns and ordinals. */
const NUMBER_WORDS =
  /\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|half|twice)\b/i;
/** Sentences that use a number word without stating a measured quantity. */
const GENERIC = /\b(?:thousands of (?:documents|queries))\b/i;

interface Article {
  file: string;
  title: string;
  body: string;
  references: string[];
}

function readArticle(file: string): Article {
  const text = readFileSync(join(LIBRARY, file), 'utf8');
  const [body = '', references = ''] = text.split(/^## References$/m);
  return {
    file,
    title: /^# (.+)$/m.exec(body)?.[1] ?? '',
    body,
    references: references.split('\n').filter((line) => line.startsWith('- ')),
  };
}

function prose(article: Article): string[] {
  return article.body.split(/\n{2,}/).filter((block) => block.trim() !== '' && !/^(?:#|\*)/.test(block.trim()));
}

function sentences(article: Article): string[] {
  return prose(article).flatMap((block) => block.trim().split(/(?<=[.?!])\s+(?=\p{Lu})/u));
}

/** "(Zobel 1998; Cleverdon and Keen 1966)" → both citations; a parenthesis without author and year yields none. */
function citations(sentence: string): string[] {
  return [...sentence.matchAll(/\(([^()]*\b\d{4}[a-z]?)\)/g)]
    .flatMap((match) => (match[1] ?? '').split(';'))
    .map((citation) => citation.trim())
    .filter((citation) => /^\p{Lu}[\p{L} '-]+ \d{4}[a-z]?$/u.test(citation));
}

function statesNumber(sentence: string): boolean {
  const bare = sentence.replace(/\([^()]*\b\d{4}[a-z]?\)/g, '').replace(NAMES, '');
  return /\d/.test(bare) || (NUMBER_WORDS.test(bare) && !GENERIC.test(bare));
}

/** The reference a citation means: same first author, same second author if there are two, same year and letter. */
function referenceOf(citation: string, article: Article): string | undefined {
  const parts = /^(.+?)(?: and (.+?))? (\d{4}[a-z]?)$/.exec(citation);
  const [, first = '', second, year = ''] = parts ?? [];
  return article.references.find((line) => {
    const [authors = ''] = line.slice(2).split(` ${year}. `);
    if (!line.includes(` ${year}. `) || !authors.startsWith(first)) return false;
    const count = (authors.match(/, \p{Lu}\./gu) ?? []).length;
    if (second === 'others') return count >= 3;
    return second === undefined ? count <= 1 : count === 2 && authors.includes(`and ${second},`);
  });
}

const articles = readdirSync(LIBRARY)
  .filter((file) => /^\d\d-.+\.md$/.test(file))
  .sort()
  .map(readArticle);

describe('the built-in library', () => {
  it('has between 8 and 12 articles', () => {
    expect(articles.length).toBeGreaterThanOrEqual(8);
    expect(articles.length).toBeLessThanOrEqual(12);
  });

  it('lists every article in its README', () => {
    const readme = readFileSync(join(LIBRARY, 'README.md'), 'utf8');
    expect(articles.filter(({ file }) => !readme.includes(file)).map(({ file }) => file)).toEqual([]);
  });

  it('means one work by one citation in all articles', () => {
    const works = new Map<string, Set<string>>();
    for (const article of articles) {
      for (const citation of citations(article.body)) {
        const line = referenceOf(citation, article);
        if (line !== undefined) works.set(citation, (works.get(citation) ?? new Set()).add(line));
      }
    }
    expect([...works].filter(([, lines]) => lines.size > 1)).toEqual([]);
  });

  it('takes a sentence with a number and no citation for a breach', () => {
    expect(statesNumber('Recall fell by 12% on TREC-8.')).toBe(true);
    expect(statesNumber('Pools of three systems were judged.')).toBe(true);
    expect(statesNumber('BM25 is a baseline for nDCG@10 on TREC-8 (Zobel 1998).')).toBe(false);
    expect(citations('Recall fell by 12% (see 1998).')).toEqual([]);
    expect(citations('Recall fell (Zobel 1998; Buckley and Voorhees 2004).')).toEqual([
      'Zobel 1998',
      'Buckley and Voorhees 2004',
    ]);
  });

  describe.each(articles)('$file', (article) => {
    it('opens with its title and ends with references', () => {
      expect(article.body.startsWith(`# ${article.title}\n`)).toBe(true);
      expect(article.title).not.toBe('');
      expect(article.references.length).toBeGreaterThan(0);
    });

    it(`has between ${MIN_WORDS} and ${MAX_WORDS} words`, () => {
      const words = prose(article).join(' ').split(/\s+/).length;
      expect(words).toBeGreaterThanOrEqual(MIN_WORDS);
      expect(words).toBeLessThanOrEqual(MAX_WORDS);
    });

    it('cites a source in every sentence that states a number', () => {
      const uncited = sentences(article).filter(
        (sentence) => statesNumber(sentence) && citations(sentence).length === 0,
      );
      expect(uncited).toEqual([]);
    });

    it('names every cited work in its references, and cites every work it names', () => {
      const cited = citations(article.body);
      expect(cited.filter((citation) => referenceOf(citation, article) === undefined)).toEqual([]);
      const used = new Set(cited.map((citation) => referenceOf(citation, article)));
      expect(article.references.filter((line) => !used.has(line))).toEqual([]);
    });

    it('has no sentence that leans on the one before it', () => {
      const leaning = sentences(article).filter((sentence) =>
        /^(?:This|It|They|These|Those|Its|Their|However|Moreover|Thus|Such)\b|\b(?:as (?:we )?s(?:aw|een|hown) above|see (?:figure|table))\b/i.test(
          sentence,
        ),
      );
      expect(leaning).toEqual([]);
    });
  });
});
