/**
 * What is recorded, as a closed list: a word is never taken away or given another meaning, because entries keep it for
 * ever. tests/audit-coverage.test.ts holds every mutation of the schema to it.
 */
export const AUDIT_ACTIONS = {
  // proving who one is
  ACCOUNT_REGISTERED: 'A tenant was opened with its first person.',
  SIGNED_IN: 'Somebody proved to be this person. `metadata.method` says how.',
  SIGN_IN_FAILED: 'Somebody failed to prove to be the target. `metadata.reason` says at what.',
  SIGNED_OUT: 'A session was ended; with `metadata.everywhere` all of the person.',
  SESSION_REVOKED: 'Sessions were ended because a refresh token was used twice.',
  PASSWORD_CHANGED: 'Of the target.',
  PASSWORD_RESET_ISSUED: 'A recovery token was made for the target, by an administrator or the operator.',
  PASSWORD_RESET: 'Whoever held the recovery token set a new password for the target.',
  MFA_ENROLLMENT_STARTED: 'A second factor was begun; it counts once it is confirmed.',
  MFA_ENABLED: 'The second factor was confirmed.',
  MFA_DISABLED: 'The second factor was given up, or taken away by an administrator.',
  RECOVERY_CODES_RENEWED: 'The recovery codes from before no longer hold.',
  IDENTITY_LINKED: 'An account of another provider was linked to the person.',
  IDENTITY_UNLINKED: 'It no longer signs in as the person.',
  API_KEY_CREATED: '`metadata` names scopes and expiry.',
  API_KEY_REVOKED: 'The key no longer holds.',
  // who may do what
  MEMBER_INVITED: 'A person was given a place in the tenant, or offered one.',
  INVITATION_ACCEPTED: 'The person took it.',
  INVITATION_REVOKED: 'The offer was taken back.',
  MEMBER_ADMITTED: 'Another issuer vouched for the person for the first time.',
  MEMBER_ROLES_CHANGED: '`metadata` holds the roles before and after.',
  MEMBER_REMOVED: 'The person left the tenant, or was made to.',
  // projects
  PROJECT_CREATED: '`metadata.visibility` says who sees it.',
  PROJECT_RENAMED: 'The names themselves are not recorded: a project may be private.',
  PROJECT_VISIBILITY_CHANGED: '`metadata` holds it before and after.',
  PROJECT_ARCHIVED: 'It takes nothing new.',
  PROJECT_DELETED: 'With everything in it.',
  // runs
  RUN_STARTED: '`metadata.kind` says of what kind.',
  RUN_CANCELED: 'The cancel was asked for.',
  RUN_RETRIED: 'It goes on at the stage it was in.',
  RUN_ANSWERED: 'The request for input it waited for was answered.',
  RUN_REPLAYED: 'A run was started that repeats `metadata.original` from its record.',
  RUN_FORKED: 'A run was started that goes on from a stage of `metadata.original`.',
  RUN_DELETED: 'With its timeline and all it made.',
  // what comes in and goes out
  UPLOAD_PREPARED: 'A link that takes one upload was handed out.',
  ARTIFACT_EXPORTED: 'A worker published a file of the run.',
  ARTIFACT_DELETED: 'One version of it.',
  DOWNLOAD_LINK_ISSUED: 'A link was handed out that works without credentials until `metadata.expiresAt`.',
  BLOB_DOWNLOADED: 'Somebody who held a link fetched the bytes from this server.',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

/** What an entry is about, and the prefix of its public id; null: `target_id` is the hex sha256 of the bytes. */
export const AUDIT_TARGETS = {
  User: 'user',
  Tenant: 'ten',
  Membership: 'mem',
  ApiKey: 'key',
  Project: 'proj',
  Run: 'run',
  Upload: 'upl',
  Artifact: 'art',
  Blob: null,
} as const;

export type AuditTargetType = keyof typeof AUDIT_TARGETS;
