/** Which run a run goes back to: the one it replays, or the one it was forked from and at which stage. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const RunOriginEntity = defineEntity({
  name: 'RunOrigin',
  tableName: 'run_origins',
  properties: {
    runId: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    how: p.string().$type<'REPLAY' | 'FORK'>(),
    originId: p.uuid().nullable(), // null: it was deleted
    fromStage: p.string().nullable(), // where it began: of a fork, and of the replay of one
  },
});
export type RunOrigin = InferEntity<typeof RunOriginEntity>;
