/**
 * Ids. Inside the product and in Postgres an id is a UUIDv7 (RFC 9562), so rows sort by time of creation. In the public
 * API it is a TypeID (https://github.com/jetify-com/typeid): a prefix that names the type, `_`, and the same UUID in
 * base 32. So `node(id:)` knows the table without a scan, and an id of the wrong type is refused without a query.
 */
import { fromString, fromUUID, getType, toUUID } from 'typeid-js';
import { v7 as uuidv7 } from 'uuid';
import { notFound } from './errors.js';

const ID_PREFIXES = [
  'ten',
  'user',
  'mem',
  'key',
  'proj',
  'run',
  'upl',
  'paper',
  'art',
  'src',
  'snap',
  'snip',
  'claim',
  'req',
] as const;

export type IdPrefix = (typeof ID_PREFIXES)[number];

/** A new UUIDv7, lower-case with dashes, as Postgres prints it. */
export const newId = (): string => uuidv7();

/** `('run', uuid)` → `run_01jx…` (prefix + 26 base-32 characters). */
export const encodeId = (prefix: IdPrefix, uuid: string): string => fromUUID(uuid, prefix);

/**
 * `('run', 'run_01jx…')` → uuid. Throws NOT_FOUND, not BAD_INPUT, when the text is no id of that type: an unknown id,
 * an id of another type and a foreign tenant's id must all read the same.
 */
export function decodeId(prefix: IdPrefix, id: string): string {
  const parsed = parseId(id);
  if (parsed?.prefix !== prefix) throw notFound(NOUNS[prefix]);
  return parsed.uuid;
}

/** Splits any public id; undefined when it is not one. Never throws. */
export function parseId(id: string): { prefix: IdPrefix; uuid: string } | undefined {
  if (id.length > 64) return undefined;
  try {
    const typeId = fromString<IdPrefix>(id);
    const prefix = getType(typeId);
    return ID_PREFIXES.includes(prefix) ? { prefix, uuid: toUUID(typeId) } : undefined;
  } catch {
    return undefined;
  }
}

const NOUNS: Record<IdPrefix, string> = {
  ten: 'Tenant',
  user: 'User',
  mem: 'Membership',
  key: 'API key',
  proj: 'Project',
  run: 'Run',
  upl: 'Upload',
  paper: 'Paper',
  art: 'Artifact',
  src: 'Source',
  snap: 'Snapshot',
  snip: 'Snippet',
  claim: 'Claim',
  req: 'Input request',
};
