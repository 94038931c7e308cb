/**
 * The table of the matrix: every operation of the schema, what it takes, and whom it lets. A root field that is missing
 * here fails operations.test.ts.
 *
 *   gate      the least role that gets past the door; below it FORBIDDEN, whatever the id names
 *   reach     what its ids can name: things of a `project` (hidden with it), of the `tenant`, somebody's `own` (seen by its
 *             maker and by ADMINs), or `nothing`
 *   ofOthers  the least role for what somebody else has made; the gate when absent
 *   lets      what those get who are let in, where the table cannot bring what it takes: a code of their own; `ok` when absent
 */
import type { Role } from '../../src/platform/database/actor.js';
import type { ErrorCode } from '../../src/platform/errors.js';
import { type Place, PROPOSAL } from './place.js';

export interface Operation {
  field: `${'Query' | 'Mutation' | 'Subscription'}.${string}`;
  gate: Role | 'ANYONE';
  reach: 'nothing' | 'tenant' | 'project' | 'own';
  ofOthers?: Role;
  lets?: ErrorCode;
  document: string;
  variables(place: Place): Promise<Record<string, unknown>>;
}

const read = 'VIEWER' as const;
const write = 'RESEARCHER' as const;

let made = 0;
/** Different at each call. */
const unique = (word: string): string => `${word}-${process.pid}-${++made}`;
const newEmail = (): string => `${unique('person')}@example.org`;

const byId = (root: string, name: string, selection: string) => `${root} ($id: ID!) { ${name}(id: $id) ${selection} }`;
const byInput = (name: string, type: string, selection: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
const idOf = (thing: (place: Place) => Promise<string>) => async (place: Place) => ({ id: await thing(place) });

const FORK = `mutation ($id: ID!, $fromStage: String!, $changes: ForkChangesInput, $clientRequestId: String) {
  forkRun(id: $id, fromStage: $fromStage, changes: $changes, clientRequestId: $clientRequestId) { id } }`;

/** `credentials` of an account that exists. */
export const operations = (credentials: { email: string; password: string }): Operation[] => [
  // queries
  {
    field: 'Query.viewer',
    gate: read,
    reach: 'nothing',
    document: '{ viewer { roles } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.node',
    gate: read,
    reach: 'project',
    document: byId('query', 'node', '{ id }'),
    variables: idOf((place) => place.run('SUCCEEDED')),
  },
  {
    field: 'Query.projects',
    gate: read,
    reach: 'nothing',
    document: '{ projects { nodes { id } } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.project',
    gate: read,
    reach: 'project',
    document: byId('query', 'project', '{ id }'),
    variables: idOf((place) => place.project()),
  },
  {
    field: 'Query.runs',
    gate: read,
    reach: 'nothing',
    document: '{ runs { nodes { id } } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.runs',
    gate: read,
    reach: 'project',
    document: 'query ($projectId: ID!) { runs(filter: { projectId: $projectId }) { nodes { id } } }',
    variables: async (place) => ({ projectId: await place.project() }),
  },
  {
    field: 'Query.run',
    gate: read,
    reach: 'project',
    document: byId('query', 'run', '{ id }'),
    variables: idOf((place) => place.run('RUNNING')),
  },
  {
    field: 'Query.artifact',
    gate: read,
    reach: 'project',
    document: byId('query', 'artifact', '{ id downloadUrl }'),
    variables: idOf((place) => place.artifact()),
  },
  {
    field: 'Query.paper',
    gate: read,
    reach: 'project',
    document: byId('query', 'paper', '{ id }'),
    variables: idOf((place) => place.paper()),
  },
  {
    field: 'Query.serverInfo',
    gate: read,
    reach: 'nothing',
    document:
      '{ serverInfo { name version connectors model { outline lastCall { ok at } } embedding { model lastCall { ok } } connectorHealth { name configured lastFailureCode } } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.auditLog',
    gate: 'ADMIN',
    reach: 'nothing',
    document: '{ auditLog { nodes { seq action } } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.verifyAudit',
    gate: 'ADMIN',
    reach: 'nothing',
    document: '{ verifyAudit { ok entries } }',
    variables: async () => ({}),
  },
  {
    field: 'Query.estimateResearch',
    gate: write,
    reach: 'project',
    document: 'query ($input: StartResearchInput!) { estimateResearch(input: $input) { tokens maxTokens costUsd } }',
    variables: async (place) => ({ input: { projectId: await place.project(), question: 'Why?' } }),
  },
  // accounts
  {
    field: 'Mutation.register',
    gate: 'ANYONE',
    reach: 'nothing',
    document: byInput('register', 'RegisterInput', '{ __typename }'),
    variables: async () => ({
      input: { email: newEmail(), password: 'long enough for us', displayName: 'Ada', tenantName: 'Laboratory' },
    }),
  },
  {
    field: 'Mutation.signIn',
    gate: 'ANYONE',
    reach: 'nothing',
    document: byInput('signIn', 'SignInInput', '{ __typename }'),
    variables: async () => ({ input: credentials }),
  },
  {
    field: 'Mutation.refreshSession',
    gate: 'ANYONE',
    reach: 'nothing',
    lets: 'UNAUTHENTICATED', // with a token that is one: src/identity/sessions/sessions.test.ts
    document: 'mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { accessToken } }',
    variables: async () => ({ refreshToken: `pwr_${'A'.repeat(43)}` }),
  },
  {
    field: 'Mutation.signOutEverywhere',
    gate: read,
    reach: 'nothing',
    document: 'mutation { signOutEverywhere }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.signOut',
    gate: read,
    reach: 'nothing',
    document: 'mutation { signOut }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.createApiKey',
    gate: read,
    reach: 'nothing',
    document: byInput('createApiKey', 'CreateApiKeyInput', '{ apiKey { id } }'),
    variables: async () => ({ input: { name: 'Key' } }),
  },
  {
    field: 'Mutation.revokeApiKey',
    gate: read,
    reach: 'own',
    document: byId('mutation', 'revokeApiKey', '{ id revokedAt }'),
    variables: idOf((place) => place.apiKey()),
  },
  {
    field: 'Mutation.signInWithGoogle',
    gate: 'ANYONE',
    reach: 'nothing',
    lets: 'INVALID_STATE', // not set up in tests: src/identity/google/google.test.ts
    document: byInput('signInWithGoogle', 'GoogleSignInInput', '{ __typename }'),
    variables: async () => ({ input: { idToken: 'a.b.c', nonce: 'chosen', tenantName: 'Laboratory' } }),
  },
  {
    field: 'Mutation.verifyMfa',
    gate: 'ANYONE',
    reach: 'nothing',
    lets: 'UNAUTHENTICATED',
    document: byInput('verifyMfa', 'VerifyMfaInput', '{ expiresAt }'),
    variables: async () => ({ input: { challengeToken: `pwc_${'A'.repeat(43)}`, code: '123456' } }),
  },
  {
    field: 'Mutation.verifyMfa',
    gate: 'ANYONE',
    reach: 'nothing',
    lets: 'UNAUTHENTICATED',
    document: byInput('verifyMfa', 'VerifyMfaInput', '{ expiresAt }'),
    variables: async () => ({
      input: { challengeToken: `pwc_${'A'.repeat(43)}`, recoveryCode: '0000-0000-0000-0000' },
    }),
  },
  {
    field: 'Mutation.confirmTotpEnrollment',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE', // before startTotpEnrollment: nothing has been begun
    document: 'mutation ($code: String!) { confirmTotpEnrollment(code: $code) { mfaEnabled recoveryCodes } }',
    variables: async () => ({ code: '123456' }),
  },
  {
    field: 'Mutation.startTotpEnrollment',
    gate: read,
    reach: 'nothing',
    document: 'mutation { startTotpEnrollment { secret otpauthUri qrSvg } }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.disableTotp',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE',
    document: 'mutation ($code: String!) { disableTotp(code: $code) { mfaEnabled } }',
    variables: async () => ({ code: '123456' }),
  },
  {
    field: 'Mutation.createRecoveryCodes',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE',
    document: 'mutation ($code: String!) { createRecoveryCodes(code: $code) }',
    variables: async () => ({ code: '123456' }),
  },
  {
    field: 'Mutation.changePassword',
    gate: read,
    reach: 'nothing',
    lets: 'BAD_INPUT', // the people of the matrix have no password
    document: byInput('changePassword', 'ChangePasswordInput', '{ roles }'),
    variables: async () => ({
      input: { currentPassword: 'not the password', newPassword: 'long enough for us' },
    }),
  },
  {
    field: 'Mutation.changePassword',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE',
    document: byInput('changePassword', 'ChangePasswordInput', '{ roles }'),
    variables: async () => ({ input: { googleIdToken: 'a.b.c', newPassword: 'long enough for us' } }),
  },
  {
    field: 'Mutation.resetPassword',
    gate: 'ANYONE',
    reach: 'nothing',
    document: byInput('resetPassword', 'ResetPasswordInput', ''),
    variables: async (place) => ({
      input: { token: await place.recoveryToken(), newPassword: 'long enough for us' },
    }),
  },
  {
    field: 'Mutation.linkGoogle',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE',
    document: 'mutation ($idToken: String!) { linkGoogle(idToken: $idToken) { googleLinked } }',
    variables: async () => ({ idToken: 'a.b.c' }),
  },
  {
    field: 'Mutation.unlinkGoogle',
    gate: read,
    reach: 'nothing',
    lets: 'INVALID_STATE',
    document: 'mutation { unlinkGoogle { googleLinked } }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.switchTenant',
    gate: read,
    reach: 'tenant',
    document: 'mutation ($tenantId: ID!) { switchTenant(tenantId: $tenantId) { viewer { roles } } }',
    variables: async (place) => ({ tenantId: await place.tenant() }),
  },
  // members
  {
    field: 'Query.invitations',
    gate: 'ADMIN',
    reach: 'nothing',
    document: '{ invitations { nodes { id status invitation { email expiresAt } } } }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.inviteMember',
    gate: 'ADMIN',
    reach: 'nothing',
    document: byInput('inviteMember', 'InviteMemberInput', '{ id invitationToken }'),
    variables: async () => ({ input: { email: newEmail(), roles: ['VIEWER'] } }),
  },
  {
    field: 'Mutation.acceptInvitation',
    gate: 'ANYONE',
    reach: 'nothing',
    document: byInput('acceptInvitation', 'AcceptInvitationInput', '{ __typename }'),
    variables: async (place) => ({
      input: { token: await place.invitationToken(), displayName: 'Bo', password: 'long enough for us' },
    }),
  },
  {
    field: 'Mutation.revokeInvitation',
    gate: 'ADMIN',
    reach: 'tenant',
    document: 'mutation ($membershipId: ID!) { revokeInvitation(membershipId: $membershipId) }',
    variables: async (place) => ({ membershipId: await place.invitation() }),
  },
  {
    field: 'Mutation.removeMember',
    gate: 'ADMIN',
    reach: 'tenant',
    document: 'mutation ($membershipId: ID!) { removeMember(membershipId: $membershipId) }',
    variables: async (place) => ({ membershipId: await place.membership() }),
  },
  {
    field: 'Mutation.issuePasswordReset',
    gate: 'ADMIN',
    reach: 'tenant',
    document: 'mutation ($membershipId: ID!) { issuePasswordReset(membershipId: $membershipId) { token expiresAt } }',
    variables: async (place) => ({ membershipId: await place.membership() }),
  },
  {
    field: 'Mutation.leaveTenant',
    gate: read,
    reach: 'nothing',
    document: 'mutation { leaveTenant }',
    variables: async () => ({}),
  },
  {
    field: 'Mutation.setMemberRoles',
    gate: 'ADMIN',
    reach: 'tenant',
    document: byInput('setMemberRoles', 'SetMemberRolesInput', '{ id roles }'),
    variables: async (place) => ({ input: { membershipId: await place.membership(), roles: ['RESEARCHER'] } }),
  },
  // projects
  {
    field: 'Mutation.createProject',
    gate: write,
    reach: 'nothing',
    document: byInput('createProject', 'CreateProjectInput', '{ id name }'),
    variables: async () => ({ input: { name: 'New' } }),
  },
  {
    field: 'Mutation.renameProject',
    gate: write,
    reach: 'project',
    ofOthers: 'ADMIN',
    document: 'mutation ($id: ID!, $name: String!) { renameProject(id: $id, name: $name) { id name } }',
    variables: async (place) => ({ id: await place.newProject(), name: 'Renamed' }),
  },
  {
    field: 'Mutation.updateProject',
    gate: write,
    reach: 'project',
    ofOthers: 'OWNER',
    document: byInput('updateProject', 'UpdateProjectInput', '{ id name visibility }'),
    variables: async (place) => ({
      input: { id: await place.newProject(), name: 'Renamed', visibility: 'PRIVATE' },
    }),
  },
  {
    field: 'Mutation.archiveProject',
    gate: write,
    reach: 'project',
    ofOthers: 'ADMIN',
    document: byId('mutation', 'archiveProject', '{ id }'),
    variables: idOf((place) => place.newProject()),
  },
  {
    field: 'Mutation.deleteProject',
    gate: write,
    reach: 'project',
    ofOthers: 'ADMIN',
    document: byId('mutation', 'deleteProject', ''),
    variables: idOf((place) => place.newProject()),
  },
  // papers
  {
    field: 'Mutation.prepareUpload',
    gate: write,
    reach: 'project',
    document: byInput('prepareUpload', 'PrepareUploadInput', '{ uploadId }'),
    variables: async (place) => ({
      input: {
        projectId: await place.project(),
        fileName: 'paper.txt',
        bytes: 5,
        mediaType: 'text/plain',
        sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', // of "hello"
      },
    }),
  },
  {
    field: 'Mutation.ingestPaper',
    gate: write,
    reach: 'project',
    document: byInput('ingestPaper', 'IngestPaperInput', '{ id }'),
    variables: async (place) => ({
      input: {
        projectId: await place.project(),
        text: 'A text.',
        title: 'A title',
        authors: ['Ada'],
        doi: '10.1000/182',
        arxivId: '1707.08567',
        url: 'https://example.org/paper',
        clientRequestId: unique('ingest'),
      },
    }),
  },
  {
    field: 'Mutation.ingestPaper',
    gate: write,
    reach: 'project',
    document: byInput('ingestPaper', 'IngestPaperInput', '{ id }'),
    variables: async (place) => ({ input: { projectId: await place.project(), uploadId: await place.upload() } }),
  },
  // runs
  {
    field: 'Mutation.startResearch',
    gate: write,
    reach: 'project',
    document: byInput('startResearch', 'StartResearchInput', '{ id question }'),
    variables: async (place) => ({
      input: { projectId: await place.project(), question: 'Why?', clientRequestId: unique('research') },
    }),
  },
  {
    field: 'Mutation.replayRun',
    gate: write,
    reach: 'project',
    document: `mutation ($id: ID!, $clientRequestId: String) {
      replayRun(id: $id, clientRequestId: $clientRequestId) { id } }`,
    variables: async (place) => ({ id: await place.run('SUCCEEDED'), clientRequestId: unique('replay') }),
  },
  {
    field: 'Mutation.forkRun',
    gate: write,
    reach: 'project',
    document: FORK,
    variables: async (place) => ({
      id: await place.run('SUCCEEDED'),
      fromStage: 'retrieve',
      changes: { question: 'Why not?' },
      clientRequestId: unique('fork'),
    }),
  },
  {
    field: 'Mutation.forkRun',
    gate: write,
    reach: 'project',
    document: FORK,
    variables: async (place) => ({
      id: await place.run('SUCCEEDED'),
      fromStage: 'draft',
      changes: { outline: { title: 'A title', sections: { heading: 'A section', facet: 'Why?' } } }, // a list of one
    }),
  },
  {
    field: 'Mutation.cancelRun',
    gate: write,
    reach: 'project',
    document: byId('mutation', 'cancelRun', '{ id }'),
    variables: idOf((place) => place.run('QUEUED')),
  },
  {
    field: 'Mutation.retryRun',
    gate: write,
    reach: 'project',
    document: byId('mutation', 'retryRun', '{ id }'),
    variables: idOf((place) => place.run('FAILED')),
  },
  {
    field: 'Mutation.answerInputRequest',
    gate: write,
    reach: 'project',
    document: byInput('answerInputRequest', 'AnswerInputRequestInput', '{ id }'),
    variables: async (place) => ({ input: { requestId: await place.inputRequest(), answer: PROPOSAL } }),
  },
  {
    field: 'Mutation.deleteRun',
    gate: write,
    reach: 'project',
    ofOthers: 'ADMIN',
    document: byId('mutation', 'deleteRun', ''),
    variables: idOf((place) => place.run('SUCCEEDED')),
  },
  {
    field: 'Mutation.deleteArtifact',
    gate: write,
    reach: 'project',
    document: byId('mutation', 'deleteArtifact', ''),
    variables: idOf((place) => place.artifact()),
  },
  // what is watched
  {
    field: 'Subscription.runEvents',
    gate: read,
    reach: 'project',
    document: 'subscription ($id: ID!) { runEvents(runId: $id) { cursor events { seq message payload } } }',
    variables: idOf((place) => place.run('RUNNING')),
  },
  {
    field: 'Subscription.runProgress',
    gate: read,
    reach: 'project',
    document: 'subscription ($id: ID!) { runProgress(runId: $id) { runId status } }',
    variables: idOf((place) => place.run('RUNNING')),
  },
  {
    field: 'Subscription.projectActivity',
    gate: read,
    reach: 'project',
    document: 'subscription ($id: ID!) { projectActivity(projectId: $id) { runs { runId } } }',
    variables: idOf((place) => place.project()),
  },
];

export const isA = (root: 'Query' | 'Mutation' | 'Subscription') => (operation: Operation) =>
  operation.field.startsWith(root);
