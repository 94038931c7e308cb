/** What is known of a paper, out of what was said of it and what it prints. What none says stays empty. */
import type { FetchedFacts, GivenFacts } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import type { StructuredPaper } from '../../../src/papers/structured-paper.js';
import { storableText } from '../../../src/runs/storable-text.js';

const MAX_TITLE_CHARS = 500; // as the tables allow

export type MergedFacts = Omit<FetchedFacts, 'fileName' | 'mediaType' | 'title' | 'standing'> & { title: string };

type Printed = Pick<StructuredPaper, 'title' | 'year' | 'doi' | 'arxivId'> & { authors: readonly { name: string }[] };

/** `testimonies`: the weightiest first; each goes before what is printed. */
export function mergeFacts(testimonies: readonly GivenFacts[], printed: Printed): MergedFacts {
  const said = <Fact extends keyof GivenFacts>(fact: Fact): GivenFacts[Fact] | null =>
    testimonies.map((facts) => facts[fact]).find((value) => !isNothing(value)) ?? null;
  const doi = said('doi') ?? (printed.doi && normaliseDoi(printed.doi));
  return storableText({
    title: (said('title') ?? printed.title ?? 'Untitled').slice(0, MAX_TITLE_CHARS),
    authors: said('authors') ?? printed.authors.map(({ name }) => name),
    year: said('year') ?? possibleYear(printed.year),
    doi,
    arxivId: said('arxivId') ?? printed.arxivId,
    url: said('url') ?? (doi ? `https://doi.org/${doi}` : null),
  });
}

const isNothing = (value: unknown): boolean => value == null || (Array.isArray(value) && value.length === 0);

/** As the tables allow. */
const possibleYear = (year: number | null): number | null =>
  year !== null && Number.isInteger(year) && year >= 1000 && year <= 2999 ? year : null;

/** "my-paper_2.pdf" → "my paper 2". */
export function titleOfFile(fileName: string | null): string | null {
  const words = fileName
    ?.replace(/^.*[\\/]/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  return words || null;
}
