/**
 * An output of a run: a name, a version within its project, and the hash of its bytes, which are a blob. Rows are
 * inserted by publish-artifact.ts only and never change.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const ARTIFACT_KIND = {
  REPORT: 'REPORT',
  CLAIM_MAP: 'CLAIM_MAP',
  SOURCES: 'SOURCES',
  DATA: 'DATA',
  OTHER: 'OTHER',
} as const;
export type ArtifactKind = keyof typeof ARTIFACT_KIND;

export const ArtifactEntity = defineEntity({
  name: 'Artifact',
  tableName: 'artifacts',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    runId: p.uuid(),
    name: p.text(), // a file name, unique with its version in the project
    kind: p.text().$type<ArtifactKind>(),
    version: p.integer(), // 1, 2, 3 … per project and name
    mediaType: p.text(),
    bytes: p.integer(),
    sha256: p.text(), // lower-case hex; with the tenant, the name of the blob
    createdAt: p.datetime(),
  },
});

export type Artifact = InferEntity<typeof ArtifactEntity>;
