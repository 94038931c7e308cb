/** Who acts. Made by identity from a session or an API key; read by the database scope and by every use case. */
export const ROLES = ['VIEWER', 'RESEARCHER', 'ADMIN', 'OWNER'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may be made for. Whatever its scopes, it never does what its maker's roles do not allow. */
export const SCOPES = ['READ', 'ARTIFACTS_READ', 'PROJECTS_WRITE', 'PAPERS_WRITE', 'RUNS_WRITE', 'ADMIN'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Actor {
  tenantId: string;
  userId: string;
  /** What it may do with this credential: the member's roles, or less. */
  roles: readonly Role[];
  /** The session, API key or external identity that proved it, so that an open subscription can ask whether it still holds. */
  credentialId: string;
  /** Of an API key. Absent: a person, who may do all that the roles allow. */
  scopes?: readonly Scope[];
  /** The member's own roles, where the credential gives less: what is open ends when these change. */
  memberRoles?: readonly Role[];
}
