/**
 * Dataloaders of one operation, by name: what many fields of an answer ask for at once becomes one statement. They read
 * through the operation's own entity manager, so they see what its caller may see, and die with it.
 */

import type { EntityName, FilterQuery } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import type { Em } from '../database/database.js';
import { groupBy } from './group-by.js';

export class LoaderRegistry {
  readonly #loaders = new Map<string, DataLoader<string, unknown>>();

  /** The loader of that name; `batch` answers in the order of its keys, as dataloader demands. */
  get<T>(name: string, batch: (keys: readonly string[]) => Promise<T[]>): DataLoader<string, T> {
    const found = this.#loaders.get(name);
    if (found) return found as DataLoader<string, T>;
    const loader = new DataLoader<string, T>(batch);
    this.#loaders.set(name, loader as DataLoader<string, unknown>);
    return loader;
  }

  /** After a write: the next read must see it. */
  clear(): void {
    this.#loaders.clear();
  }
}

interface LoaderScope {
  em: Em;
  loaders: LoaderRegistry;
}

interface Identified {
  id: string;
}

/** One row by its uuid; null when it does not exist or may not be seen. */
export function loadById<T extends Identified>(ctx: LoaderScope, entity: EntityName<T>, id: string): Promise<T | null> {
  return ctx.loaders
    .get<T | null>(`${nameOf(ctx.em, entity)} by id`, async (ids) => {
      const rows = await ctx.em.find<T>(entity, { id: { $in: [...ids] } } as unknown as FilterQuery<T>);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((key) => byId.get(key) ?? null);
    })
    .load(id);
}

/** The rows whose `property` is `value`, by order of creation: for lists that stay short. Those that grow are connections. */
export function loadBy<T extends Identified>(
  ctx: LoaderScope,
  entity: EntityName<T>,
  property: keyof T & string,
  value: string,
): Promise<T[]> {
  return ctx.loaders
    .get<T[]>(`${nameOf(ctx.em, entity)} by ${property}`, async (keys) => {
      const where = { [property]: { $in: [...keys] } } as unknown as FilterQuery<T>;
      const rows = await ctx.em.find<T>(entity, where);
      rows.sort((a, b) => (a.id < b.id ? -1 : 1));
      const groups = groupBy(rows, (row) => row[property] as string);
      return keys.map((key) => groups.get(key) ?? []);
    })
    .load(value);
}

const nameOf = <T>(em: Em, entity: EntityName<T>): string => em.getMetadata().get(entity).className;
