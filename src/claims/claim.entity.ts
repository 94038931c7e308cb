/**
 * A sentence of a report that stands on evidence, or of a paper that asserts something. A report's are written by the
 * draft stage and get their verdict from the factcheck; a paper's are candidates, which nothing has been held against.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Verdict } from './verdict.js';

export const ClaimEntity = defineEntity({
  name: 'Claim',
  tableName: 'claims',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    runId: p.uuid().nullable(), // of the report; exactly one of runId and paperId
    paperId: p.uuid().nullable(),
    ordinal: p.integer(), // 0, 1, 2 … in reading order
    section: p.text().nullable(),
    text: p.text(),
    verdict: p.text().$type<Verdict>().nullable(), // null until checked
    confidence: p.float().nullable(), // 0..1, null until checked
    score: p.float().nullable(), // of a paper's, 0..1: how much it is the paper's own finding; null in a report
  },
});

export type Claim = InferEntity<typeof ClaimEntity>;
