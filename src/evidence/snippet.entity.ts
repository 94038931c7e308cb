/** A citeable passage: the verbatim slice [startOffset, endOffset) of its snapshot, in UTF-8 bytes. Immutable. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const SnippetEntity = defineEntity({
  name: 'Snippet',
  tableName: 'snippets',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    sourceId: p.uuid(),
    snapshotId: p.uuid(),
    ordinal: p.integer(), // 0, 1, 2 … in text order
    text: p.text(),
    startOffset: p.integer(),
    endOffset: p.integer(),
    page: p.integer().nullable(), // 1-based, where it starts
    heading: p.text().nullable(), // of the section it stands in
  },
});

export type Snippet = InferEntity<typeof SnippetEntity>;
