/** One link of a claim to evidence: a verbatim quote at byte offsets of a snapshot with this hash. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Stance } from './verdict.js';

export const ReceiptEntity = defineEntity({
  name: 'Receipt',
  tableName: 'receipts',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    claimId: p.uuid(),
    snippetId: p.uuid(),
    snapshotId: p.uuid(),
    snapshotSha256: p.text(),
    quote: p.text(),
    startOffset: p.integer(), // UTF-8 bytes into the snapshot, half-open
    endOffset: p.integer(),
    page: p.integer().nullable(),
    stance: p.text().$type<Stance>(),
    score: p.float(), // 0..1
  },
});

export type Receipt = InferEntity<typeof ReceiptEntity>;
