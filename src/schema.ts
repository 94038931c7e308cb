/**
 * What the API is made of, listed by hand. A slice that adds a resolver adds it here, with its node kinds and a permission
 * for each of its root fields; a forgotten one stops the build of the schema.
 */
import 'reflect-metadata';
import type { SchemaParts } from './api/build-schema.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { identityNodes } from './identity/identity.nodes.js';
import { MemberResolver, TenantResolver } from './identity/member.resolver.js';
import { SessionResolver } from './identity/session.resolver.js';
import { ViewerResolver } from './identity/viewer.resolver.js';
import { projectNodes } from './projects/project.nodes.js';
import { ProjectResolver } from './projects/project.resolver.js';

export const schemaParts: SchemaParts = {
  resolvers: [
    // identity
    SessionResolver,
    ViewerResolver,
    MemberResolver,
    TenantResolver,
    ApiKeyResolver,
    // projects
    ProjectResolver,
  ],
  orphanedTypes: [],
  nodeKinds: [...identityNodes, ...projectNodes],
  permissions: {
    Query: {
      node: 'VIEWER',
      viewer: 'VIEWER',
      project: 'VIEWER',
      projects: 'VIEWER',
    },
    Mutation: {
      register: 'ANYONE',
      signIn: 'ANYONE',
      signOut: 'VIEWER',
      createApiKey: 'VIEWER',
      revokeApiKey: 'VIEWER',
      inviteMember: 'ADMIN',
      setMemberRoles: 'ADMIN',
      createProject: 'RESEARCHER',
      renameProject: 'RESEARCHER',
      archiveProject: 'RESEARCHER',
      deleteProject: 'RESEARCHER',
    },
    Subscription: {},
  },
};
