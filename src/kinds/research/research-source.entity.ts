/** A source a research run was given, with its rank: ids are made in that order. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const ResearchSourceEntity = defineEntity({
  name: 'ResearchSource',
  tableName: 'research_sources',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    runId: p.uuid(),
    sourceId: p.uuid(),
    score: p.float(), // BM25F, unbounded; compare within one run only
  },
});

export type ResearchSource = InferEntity<typeof ResearchSourceEntity>;
