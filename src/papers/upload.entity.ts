/** A place for bytes that are on their way: announced, then PUT to a signed URL, then taken up by an ingestion run. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const UploadEntity = defineEntity({
  name: 'Upload',
  tableName: 'uploads',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    fileName: p.text(),
    mediaType: p.text(),
    bytes: p.bigint('number'), // as announced: the most that is taken
    announcedSha256: p.text().nullable(),
    contentSha256: p.text().nullable(), // of what came; null until a run has taken it up
    createdBy: p.uuid(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});

export type Upload = InferEntity<typeof UploadEntity>;
