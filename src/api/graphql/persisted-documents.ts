/**
 * Documents that are known by the sha256 of their text, so that a client sends the hash instead (`documentId`, as
 * GraphQL over HTTP's appendix on persisted documents has it, or Apollo's `extensions.persistedQuery.sha256Hash`), and so
 * that an operator may allow these and no others.
 *
 * The list that ships, persisted-documents.json, holds the SDK's operations and the playground's starter tabs (`npm run
 * codegen` writes it); an operator's own file is added to it. A hash that is not its text's stops the start.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PersistedMode } from '../../config-edge.js';
import { AppError, badInput } from '../../platform/errors.js';

export interface PersistedDocuments {
  mode: PersistedMode;
  /** By the hexadecimal sha256 of the text. */
  texts: ReadonlyMap<string, string>;
}

export const NO_DOCUMENTS: PersistedDocuments = { mode: 'off', texts: new Map() };

const SHIPPED = fileURLToPath(new URL('persisted-documents.json', import.meta.url));
const List = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string());

/** `ownFile`: the operator's, in the same form. Throws BAD_INPUT that names the file. */
export async function loadPersistedDocuments(mode: PersistedMode, ownFile?: string): Promise<PersistedDocuments> {
  if (mode === 'off') return NO_DOCUMENTS;
  const lists = await Promise.all([SHIPPED, ...(ownFile ? [ownFile] : [])].map(readList));
  return { mode, texts: new Map(lists.flatMap((list) => Object.entries(list))) };
}

async function readList(file: string): Promise<z.infer<typeof List>> {
  try {
    const list = List.parse(JSON.parse(await readFile(file, 'utf8')));
    const wrong = Object.entries(list).find(([hash, text]) => sha256(text) !== hash);
    if (wrong) throw new Error(`${wrong[0]} is not the sha256 of its document`);
    return list;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? 'it is not an object of texts by their sha256' : (cause as Error).message;
    throw new AppError('BAD_INPUT', `The persisted documents in ${file} cannot be read: ${why}.`, { cause });
  }
}

/** The parts of a request that say which document it means. */
export interface DocumentRequest {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/**
 * The request with the text of its document in `query`, as if it had been sent whole. Throws UNKNOWN_DOCUMENT for what is
 * not on the list, BAD_INPUT for a hash that is not its text's.
 */
export function withDocument<R extends DocumentRequest>(documents: PersistedDocuments, request: R): R {
  if (documents.mode === 'off') return request;
  const { documentId, ...rest } = request;
  const { persistedQuery, ...extensions } = recordOf(request.extensions);
  const hash = typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : hashOf(persistedQuery);
  const text = typeof request.query === 'string' && request.query !== '' ? request.query : undefined;
  const query = hash === undefined ? allowed(documents, text) : lookUp(documents, hash, text);
  return {
    ...rest,
    ...(query !== undefined && { query }),
    ...(request.extensions !== undefined && { extensions }),
  } as R;
}

function allowed({ mode, texts }: PersistedDocuments, text: string | undefined): string | undefined {
  if (mode === 'only' && text !== undefined && !texts.has(sha256(text))) throw unknown();
  return text;
}

function lookUp({ mode, texts }: PersistedDocuments, hash: string, text: string | undefined): string {
  if (text !== undefined && sha256(text) !== hash) throw badInput('The hash is not that of the document beside it.');
  const known = texts.get(hash) ?? (mode === 'prefer' ? text : undefined);
  if (known === undefined) throw unknown();
  return known;
}

/** These two words are what Apollo's clients and others look for, to send the text as well. */
const unknown = () =>
  new AppError('UNKNOWN_DOCUMENT', 'PersistedQueryNotFound', {
    hint: 'This document is not on the list of the server. Send its text, or, where the server takes listed documents only (PERSISTED_DOCUMENTS=only), ask the operator to add it.',
  });

function hashOf(persistedQuery: unknown): string | undefined {
  const { sha256Hash } = recordOf(persistedQuery);
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
