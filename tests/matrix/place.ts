/** Where the things that an operation names lie. What an operation may use up is made anew at each call. */

import { newOneTimeToken, RECOVERY_PREFIX } from '../../src/identity/one-time-token.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { encodeId, type IdPrefix, newId } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';
import { seedInvitation } from '../support/invite.js';
import { createActor, createProjectRow } from '../support/people.js';
import { insert, type SeededContent } from '../support/seed-content.js';
import { seedRun } from '../support/seed-run.js';

/** Public ids. */
export interface Place {
  tenant(): Promise<string>;
  project(): Promise<string>;
  /** With nothing in it. */
  newProject(): Promise<string>;
  run(status: 'RUNNING' | 'QUEUED' | 'FAILED' | 'SUCCEEDED'): Promise<string>;
  /** The open one of a BLOCKED run. */
  inputRequest(): Promise<string>;
  artifact(): Promise<string>;
  paper(): Promise<string>;
  upload(): Promise<string>;
  membership(): Promise<string>;
  /** The membership of somebody who has not accepted yet. */
  invitation(): Promise<string>;
  /** What an invitation is accepted with. */
  invitationToken(): Promise<string>;
  /** What a member of the tenant sets a new password with. */
  recoveryToken(): Promise<string>;
  /** Of the place's owner. */
  apiKey(): Promise<string>;
}

interface Seeds {
  owner: Actor;
  projectId: string;
  visibility: 'TENANT' | 'PRIVATE';
  content: SeededContent;
}

export function seededPlace(db: TestDatabase, { owner, projectId, visibility, content }: Seeds): Place {
  const place = { tenant_id: owner.tenantId, project_id: projectId };
  const first = (prefix: IdPrefix, ids: readonly string[]) => encodeId(prefix, ids[0] ?? '');
  const newRun = async (status: string): Promise<string> => {
    const id = await seedRun(db, { ...owner, projectId });
    await db.admin.query(`update runs set status = $2, current_stage = 'retrieve' where id = $1`, [id, status]);
    await insert(
      db,
      'run_stages',
      ['retrieve', 'ingest', 'outline'].map((name, position) => ({
        run_id: id,
        tenant_id: owner.tenantId,
        name,
        position,
        status: status === 'SUCCEEDED' ? status : 'PENDING',
        attempt: 0,
        losses: 0,
        exchanges: 0,
        output: { title: 'A title', ...PROPOSAL },
      })),
    );
    await insert(db, 'research_runs', [{ run_id: id, ...place, question: 'Why?', approve_outline: false }]);
    return id;
  };
  return {
    tenant: async () => encodeId('ten', owner.tenantId),
    project: async () => encodeId('proj', projectId),
    newProject: async () => encodeId('proj', await createProjectRow(db, owner, visibility)),
    run: async (status) => encodeId('run', await newRun(status)),
    inputRequest: async () => {
      const [id, run_id] = [newId(), await newRun('BLOCKED')];
      const request = { stage: 'outline', kind: 'OUTLINE_APPROVAL', prompt: '?', proposal: PROPOSAL, status: 'OPEN' };
      await insert(db, 'input_requests', [
        { id, tenant_id: owner.tenantId, run_id, ...request, created_at: new Date().toISOString() },
      ]);
      return encodeId('req', id);
    },
    artifact: async () => {
      const id = newId();
      await db.admin.query(
        `insert into artifacts (id, tenant_id, project_id, run_id, name, kind, version, media_type, bytes, sha256)
         select $1, tenant_id, project_id, run_id, $3, kind, 1, media_type, bytes, sha256 from artifacts where id = $2`,
        [id, content.artifacts[0], id],
      );
      return encodeId('art', id);
    },
    paper: async () => first('paper', content.papers),
    upload: async () => first('upl', content.uploads),
    membership: async () => {
      const { userId } = await createActor(db, 'VIEWER', owner.tenantId);
      const { rows } = await db.admin.query('select id from memberships where user_id = $1', [userId]);
      return encodeId('mem', rows[0].id);
    },
    invitation: async () => encodeId('mem', (await seedInvitation(db, owner)).id),
    invitationToken: async () => (await seedInvitation(db, owner)).token,
    recoveryToken: async () => {
      const { userId } = await createActor(db, 'VIEWER', owner.tenantId);
      const token = newOneTimeToken(RECOVERY_PREFIX);
      await db.admin.query(
        `insert into password_resets (user_id, token_hash, expires_at) values ($1, $2, now() + interval '1 hour')`,
        [userId, token.sha256],
      );
      return token.text;
    },
    apiKey: async () => {
      const id = newId();
      await db.admin.query(
        `insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash, scopes)
         values ($1, $2, $3, 'Key', 'pw_seeded', sha256($4::text::bytea), '{READ}')`,
        [id, owner.tenantId, owner.userId, id],
      );
      return encodeId('key', id);
    },
  };
}

export const PROPOSAL = { sections: [{ heading: 'What is proposed' }] };

/** Every id answered by `idOf`, which is told the prefix that an id of that thing has. */
export function nowhere(idOf: (prefix: IdPrefix) => string): Place {
  const some = (prefix: IdPrefix) => async () => idOf(prefix);
  return {
    tenant: some('ten'),
    project: some('proj'),
    newProject: some('proj'),
    run: some('run'),
    inputRequest: some('req'),
    artifact: some('art'),
    paper: some('paper'),
    upload: some('upl'),
    membership: some('mem'),
    invitation: some('mem'),
    invitationToken: async () => `pwi_${'A'.repeat(43)}`,
    recoveryToken: async () => `pwf_${'A'.repeat(43)}`,
    apiKey: some('key'),
  };
}

/** Ids that name nothing, by what is wrong with them. */
export const NOWHERE: Readonly<Record<string, Place>> = {
  'an unknown id': nowhere((prefix) => encodeId(prefix, newId())),
  'an id of another type': nowhere((prefix) => encodeId(prefix === 'snip' ? 'snap' : 'snip', newId())),
  'no id at all': nowhere(() => '../../etc/passwd'),
};
