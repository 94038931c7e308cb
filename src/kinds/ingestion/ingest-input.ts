/** What `ingestPaper` takes, checked: exactly one document, and facts about it that the caller is sure of. */
import { z } from 'zod';
import { formatArxivId, parseArxivId } from '../../papers/arxiv-id.js';
import { normaliseDoi } from '../../papers/doi.js';
import { PaperEngineName } from '../../papers/paper-engine-name.js';
import { badInput } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { cleanLine, cleanText } from '../../platform/text-input.js';
import type { GivenFacts } from './ingestion-run.entity.js';

export type Document = { uploadId: string } | { text: string } | { arxivId: string } | { doi: string };

export interface IngestInput {
  projectId: string; // uuid
  clientRequestId: string | null;
  document: Document;
  facts: GivenFacts;
  engine: PaperEngineName | null;
}

export const MAX_TEXT_CHARS = 500_000; // a book of 80,000 words; the whole request may have 1 MB
const MAX_AUTHORS = 200; // the longest author lists beyond that are collaborations, better named as one

const shape = z.object({
  projectId: z.string(),
  uploadId: z.string().nullish(),
  text: z.string().nullish(),
  title: z.string().nullish(),
  authors: z.array(z.string()).max(MAX_AUTHORS).nullish(),
  year: z.int().min(1000).max(2999).nullish(),
  doi: z.string().nullish(),
  arxivId: z.string().nullish(),
  url: z.string().nullish(),
  engine: z.enum(PaperEngineName).nullish(),
  clientRequestId: z.string().nullish(),
});

/** Errors: BAD_INPUT that names the field; NOT_FOUND for an id that is none. */
export function readIngestInput(input: unknown): IngestInput {
  const parsed = shape.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badInput(`\`${issue?.path.join('.')}\`: ${issue?.message}.`, { field: issue?.path.join('.') });
  }
  const { projectId, clientRequestId, uploadId, text, engine } = parsed.data;
  const facts = factsOf(parsed.data);
  return {
    projectId: decodeId('proj', projectId),
    clientRequestId: clientRequestId ?? null,
    document: documentOf(uploadId ?? null, text ?? null, facts),
    facts,
    engine: engine ?? null,
  };
}

/** An upload or a text; without either, the one of `arxivId` and `doi` that says where to fetch it. */
function documentOf(uploadId: string | null, text: string | null, { arxivId, doi }: GivenFacts): Document {
  const sent = [uploadId, text].filter((value) => value !== null).length;
  const named = [arxivId, doi].filter((value) => value !== null).length;
  if (sent > 1 || (sent === 0 && named !== 1)) {
    throw badInput(
      'Give exactly one of `uploadId` (from `prepareUpload`), `text`, `arxivId` and `doi`; beside an upload or a text, `arxivId` and `doi` say what it is.',
      { fields: ['uploadId', 'text', 'arxivId', 'doi'] },
    );
  }
  if (text !== null) return { text: cleanText(text, { field: 'text', max: MAX_TEXT_CHARS }) };
  if (uploadId !== null) return { uploadId: decodeId('upl', uploadId) };
  return arxivId === null ? { doi: doi ?? '' } : { arxivId };
}

function factsOf(data: z.infer<typeof shape>): GivenFacts {
  const line = (field: 'title' | 'doi' | 'arxivId' | 'url', max: number) =>
    data[field] == null || data[field].trim() === '' ? null : cleanLine(data[field], { field, max });
  const url = line('url', 2_000);
  if (url !== null) checkUrl(url);
  return {
    title: line('title', 500),
    authors: (data.authors ?? []).map((name) => cleanLine(name, { field: 'authors', max: 200 })),
    year: data.year ?? null,
    doi: doiOf(line('doi', 400)),
    arxivId: arxivIdOf(line('arxivId', 200)),
    url,
  };
}

/** It is printed in every bibliography that names the paper. */
function checkUrl(url: string): void {
  if (!/^https?:\/\/[^\s/]/i.test(url) || !URL.canParse(url)) {
    throw badInput('`url` must be a whole address that begins with http:// or https://.', { field: 'url' });
  }
  const { username, password } = new URL(url);
  if (username !== '' || password !== '') {
    throw badInput('`url` holds a user name or a password, which reports would show. Send it without.', {
      field: 'url',
    });
  }
}

function doiOf(given: string | null): string | null {
  const doi = given === null ? null : normaliseDoi(given);
  if (given !== null && doi === null) throw badInput('`doi` is no DOI. One looks like 10.1000/182.', { field: 'doi' });
  return doi;
}

function arxivIdOf(given: string | null): string | null {
  const id = given === null ? null : parseArxivId(given);
  if (given !== null && id === null)
    throw badInput('`arxivId` is no arXiv id. One looks like 1707.08567 or hep-th/9901001.', { field: 'arxivId' });
  return id && formatArxivId(id);
}
