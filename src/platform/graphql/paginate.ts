/**
 * Reads one page of a list by keyset: `id` is a UUIDv7, so the primary key's order is the order of creation and a page
 * costs the same wherever it lies. `paginate` reads one list; `paginateEach` serves the same list field of many parents
 * (`projects { runs }`) in one statement.
 */
import type { EntityName, FilterQuery } from '@mikro-orm/postgresql';
import type { Em } from '../database/database.js';
import { runSql } from '../database/sql.js';
import { type Page, toPage } from './connection.js';
import { groupBy } from './group-by.js';
import type { LoaderRegistry } from './loader-registry.js';
import { type PageArgs, type PageRequest, parsePageArgs } from './page-args.js';

export type ListOrder = 'newestFirst' | 'oldestFirst';

interface Identified {
  id: string;
}

export async function paginate<T extends Identified>(
  em: Em,
  entity: EntityName<T>,
  where: FilterQuery<T>,
  args: PageArgs,
  order: ListOrder = 'newestFirst',
): Promise<Page<T>> {
  const request = parsePageArgs(args);
  const { descending, above, below } = keyset(request, order);
  const bounds = { ...(above && { $gt: above }), ...(below && { $lt: below }) };
  const rows = await em.find<T>(
    entity,
    { $and: [where, above || below ? { id: bounds } : {}] } as unknown as FilterQuery<T>,
    { orderBy: { id: descending ? 'desc' : 'asc' } as never, limit: request.size + 1 },
  );
  return toPage(rows, request);
}

export interface ChildList<T> {
  entity: EntityName<T>;
  /** The property that holds the parent's uuid. Wants an index on (that column, id). */
  parent: keyof T & string;
  /** Property → value, or values of which one must match. `null` asks for absence, `undefined` for nothing. */
  where?: Partial<Record<keyof T & string, string | readonly string[] | null | undefined>>;
  order?: ListOrder;
}

/** The page of `parentId`'s list; all parents of one operation that ask for the same page are read together. */
export function paginateEach<T extends Identified>(
  ctx: { em: Em; loaders: LoaderRegistry },
  list: ChildList<T>,
  parentId: string,
  args: PageArgs,
): Promise<Page<T>> {
  const request = parsePageArgs(args);
  const meta = ctx.em.getMetadata().get(list.entity);
  const name = `${meta.className} of ${list.parent} ${JSON.stringify([list.where, list.order, request])}`;
  return ctx.loaders
    .get<Page<T>>(name, async (parentIds) => {
      const groups = groupBy(await readChildren(ctx.em, list, parentIds, request), (row) => row[list.parent] as string);
      return parentIds.map((id) => toPage(groups.get(id) ?? [], request));
    })
    .load(parentId);
}

async function readChildren<T extends Identified>(
  em: Em,
  list: ChildList<T>,
  parentIds: readonly string[],
  request: PageRequest,
): Promise<T[]> {
  const meta = em.getMetadata().get(list.entity);
  const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;
  const columns = new Map(meta.props.map((property) => [property.name as string, property.fieldNames[0]]));
  const columnOf = (property: keyof T & string) => `child.${quote(columns.get(property) ?? property)}`;
  const selected = meta.props.filter((property) => !property.lazy).map((property) => columnOf(property.name as never));
  const params: unknown[] = [[...parentIds], request.size + 1];
  const conditions = [`${columnOf(list.parent)} = parent.id`];
  const require = (column: string, operator: string, value: unknown) => {
    params.push(value);
    conditions.push(`${column} ${operator.replace('?', `$${params.length}`)}`);
  };
  const { descending, above, below } = keyset(request, list.order ?? 'newestFirst');
  if (above) require('child.id', '> ?::uuid', above);
  if (below) require('child.id', '< ?::uuid', below);
  for (const property of Object.keys(list.where ?? {}) as (keyof T & string)[]) {
    const value = list.where?.[property];
    if (value === undefined) continue;
    if (value === null) conditions.push(`${columnOf(property)} is null`);
    else require(columnOf(property), '= any (?)', typeof value === 'string' ? [value] : [...value]);
  }
  const rows = await runSql<Record<string, unknown>>(
    em,
    `select page.* from unnest($1::uuid[]) as parent (id) cross join lateral (
       select ${selected.join(', ')} from ${quote(meta.tableName)} child where ${conditions.join(' and ')}
       order by child.id ${descending ? 'desc' : 'asc'} limit $2) page`,
    params,
  );
  return rows.map((row) => em.map<T>(list.entity, row as never) as T);
}

/** `after` and `before` speak of the list's order; `above` and `below` of ids. */
function keyset(request: PageRequest, order: ListOrder) {
  const newestFirst = order === 'newestFirst';
  return {
    descending: newestFirst !== request.fromEnd,
    above: newestFirst ? request.before : request.after,
    below: newestFirst ? request.after : request.before,
  };
}
