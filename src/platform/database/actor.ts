/** Who acts. Made by identity from a session or an API key; read by the database scope and by every use case. */
export const ROLES = ['VIEWER', 'RESEARCHER', 'ADMIN', 'OWNER'] as const;
export type Role = (typeof ROLES)[number];

export interface Actor {
  tenantId: string;
  userId: string;
  roles: readonly Role[];
  /** The session or API key that proved it, so that an open subscription can ask again whether it still holds. */
  credentialId: string;
}
