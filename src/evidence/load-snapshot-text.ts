/** The text of a snapshot, read only by those who ask for it; for all snapshots of an answer at once. */
import { notFound } from '../platform/errors.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { SnapshotEntity } from './snapshot.entity.js';

export const loadSnapshotText = (ctx: Pick<ApiContext, 'em' | 'loaders'>, snapshotId: string): Promise<string> =>
  ctx.loaders
    .get<string>('text of snapshot', async (ids) => {
      const rows = await ctx.em.find(SnapshotEntity, { id: { $in: [...ids] } }, { populate: ['text'], refresh: true });
      const texts = new Map(rows.map((row) => [row.id, row.text]));
      return ids.map((id) => {
        const text = texts.get(id);
        if (text === undefined) throw notFound('Snapshot');
        return text;
      });
    })
    .load(snapshotId);
