/** People who join a tenant as they do in life: invited by its owner, accepting with a password of their own. */
import type { TestApi } from './api.js';

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
