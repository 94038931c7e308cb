/** People who join a tenant as they do in life, invited by its owner; and invitations that nobody has accepted. */
import { INVITATION_PREFIX, newOneTimeToken } from '../../src/identity/one-time-token.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { newId } from '../../src/platform/ids.js';
import type { TestApi } from './api.js';
import type { TestDatabase } from './database.js';

const INVITE = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { id invitationToken } }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { ... on SignedIn { accessToken } }
}`;

export interface Joined {
  membershipId: string;
  token: string;
  email: string;
  password: string;
}

export async function join(
  api: TestApi,
  owner: { token: string },
  name: string,
  roles: readonly string[],
): Promise<Joined> {
  const [email, password] = [`${name}@example.org`, 'a long password'];
  const invited = await api.gql(INVITE, { input: { email, roles } }, owner.token);
  if (invited.errors) throw new Error(JSON.stringify(invited.errors));
  const { id, invitationToken } = invited.data.inviteMember;
  const accepted = await api.gql(ACCEPT, { input: { token: invitationToken, displayName: name, password } });
  if (accepted.errors) throw new Error(JSON.stringify(accepted.errors));
  return { membershipId: id, token: accepted.data.acceptInvitation.accessToken, email, password };
}

/** `id` is the membership's uuid. */
export async function seedInvitation(db: TestDatabase, by: Actor): Promise<{ id: string; token: string }> {
  const [id, token] = [newId(), newOneTimeToken(INVITATION_PREFIX)];
  await db.admin.query(`insert into memberships (id, tenant_id, roles) values ($1, $2, '{VIEWER}')`, [id, by.tenantId]);
  await db.admin.query(
    `insert into invitations (membership_id, tenant_id, email, token_hash, invited_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, now(), now() + interval '1 day')`,
    [id, by.tenantId, `${id}@example.org`, token.sha256, by.userId],
  );
  return { id, token: token.text };
}
