/** A tenant with one owner and one project, for tests of slices that build on projects: ids, and no more. */

import type { TestDatabase } from './database.js';
import { createActor, createProjectRow } from './people.js';

export interface SeededProject {
  tenantId: string;
  userId: string;
  projectId: string;
}

export async function seedProject(
  db: TestDatabase,
  visibility: 'TENANT' | 'PRIVATE' = 'TENANT',
): Promise<SeededProject> {
  const actor = await createActor(db);
  return { tenantId: actor.tenantId, userId: actor.userId, projectId: await createProjectRow(db, actor, visibility) };
}
