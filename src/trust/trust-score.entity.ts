/** The trust score of a run, as computed when its report was exported. One row a run. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { TrustComponent, Uncertainty } from './score-trust.js';

export const TrustScoreEntity = defineEntity({
  name: 'TrustScore',
  tableName: 'trust_scores',
  properties: {
    runId: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    overall: p.float(), // 0..1
    components: p.json<TrustComponent[]>(),
    flags: p.json<Uncertainty[]>(),
    computedAt: p.datetime(),
  },
});

export type TrustScore = InferEntity<typeof TrustScoreEntity>;
