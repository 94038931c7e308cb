/** A sentence of a report that stands on evidence. Written by the draft stage; the verdict comes with the factcheck. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Verdict } from './verdict.js';

export const ClaimEntity = defineEntity({
  name: 'Claim',
  tableName: 'claims',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    runId: p.uuid(),
    ordinal: p.integer(), // 0, 1, 2 … in reading order
    section: p.text().nullable(),
    text: p.text(),
    verdict: p.text().$type<Verdict>().nullable(), // null until checked
    confidence: p.float().nullable(), // 0..1, null until checked
  },
});

export type Claim = InferEntity<typeof ClaimEntity>;
