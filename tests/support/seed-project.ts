/** A tenant with one owner and one project, written behind the walls: for tests of slices that build on projects. */
import { newId } from '../../src/platform/ids.js';
import type { TestDatabase } from './database.js';

export interface SeededProject {
  tenantId: string;
  userId: string;
  projectId: string;
}

export async function seedProject(
  db: TestDatabase,
  visibility: 'TENANT' | 'PRIVATE' = 'TENANT',
): Promise<SeededProject> {
  const [tenantId, userId, projectId] = [newId(), newId(), newId()];
  const run = (sql: string, params: unknown[]) => db.admin.query(sql, params);
  await run('insert into tenants (id, name) values ($1, $2)', [tenantId, 'Seeded']);
  await run(`insert into users (id, email, display_name, password_hash) values ($1, $2, 'Ada', 'unusable')`, [
    userId,
    `${userId}@example.org`,
  ]);
  await run(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{OWNER}')`, [
    newId(),
    tenantId,
    userId,
  ]);
  await run('insert into projects (id, tenant_id, owner_id, name, visibility) values ($1, $2, $3, $4, $5)', [
    projectId,
    tenantId,
    userId,
    'Library',
    visibility,
  ]);
  return { tenantId, userId, projectId };
}
