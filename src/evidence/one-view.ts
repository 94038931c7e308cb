/**
 * Several statements that see the library as it stands at one moment: a segment that is made anew between two of them would
 * else be missed. Within a transaction of the caller's it is that one's view.
 */
import { IsolationLevel } from '@mikro-orm/core';
import type { Em } from '../platform/database/database.js';

export const inOneView = <T>(em: Em, read: (view: Em) => Promise<T>): Promise<T> =>
  em.isInTransaction()
    ? read(em)
    : em.transactional((view) => read(view as Em), { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
