/** What `ingestPaper` takes, checked: exactly one document, and facts about it that the caller is sure of. */
import { z } from 'zod';
import { badInput } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { cleanLine, cleanText } from '../../platform/text-input.js';
import type { GivenFacts } from './ingestion-run.entity.js';

export type Document = { uploadId: string } | { text: string };

export interface IngestInput {
  projectId: string; // uuid
  clientRequestId: string | null;
  document: Document;
  facts: GivenFacts;
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
  url: z.string().nullish(),
  clientRequestId: z.string().nullish(),
});

/** Errors: BAD_INPUT that names the field; NOT_FOUND for an id that is none. */
export function readIngestInput(input: unknown): IngestInput {
  const parsed = shape.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badInput(`\`${issue?.path.join('.')}\`: ${issue?.message}.`, { field: issue?.path.join('.') });
  }
  const { projectId, clientRequestId } = parsed.data;
  return {
    projectId: decodeId('proj', projectId),
    clientRequestId: clientRequestId ?? null,
    document: documentOf(parsed.data.uploadId ?? null, parsed.data.text ?? null),
    facts: factsOf(parsed.data),
  };
}

function documentOf(uploadId: string | null, text: string | null): Document {
  if ((uploadId === null) === (text === null)) {
    throw badInput('Give either `uploadId` (from `prepareUpload`) or `text`, and only one of them.', {
      fields: ['uploadId', 'text'],
    });
  }
  return text === null
    ? { uploadId: decodeId('upl', uploadId ?? '') }
    : { text: cleanText(text, { field: 'text', max: MAX_TEXT_CHARS }) };
}

function factsOf(data: z.infer<typeof shape>): GivenFacts {
  const line = (field: 'title' | 'doi' | 'url', max: number) =>
    data[field] == null || data[field].trim() === '' ? null : cleanLine(data[field], { field, max });
  const doi = line('doi', 200)?.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '') ?? null;
  if (doi !== null && !/^10\.\d{4,9}\/\S+$/.test(doi))
    throw badInput('`doi` is no DOI. One looks like 10.1000/182.', { field: 'doi' });
  const url = line('url', 2_000);
  if (url !== null && !/^https?:\/\/[^\s/]/i.test(url))
    throw badInput('`url` must begin with http:// or https://.', { field: 'url' });
  return {
    title: line('title', 500),
    authors: (data.authors ?? []).map((name) => cleanLine(name, { field: 'authors', max: 200 })),
    year: data.year ?? null,
    doi,
    url,
  };
}
