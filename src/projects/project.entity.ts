/** A body of work: papers, runs and artifacts. A PRIVATE one is seen by its owner and the tenant's owners only. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const PROJECT_VISIBILITY = { TENANT: 'TENANT', PRIVATE: 'PRIVATE' } as const;
export type ProjectVisibility = keyof typeof PROJECT_VISIBILITY;

export const ProjectEntity = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    ownerId: p.uuid(),
    name: p.text(),
    visibility: p.text().$type<ProjectVisibility>(),
    archivedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    lastActivityAt: p.datetime(),
  },
});

export type Project = InferEntity<typeof ProjectEntity>;
