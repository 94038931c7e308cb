/**
 * What the API is made of, listed by hand. A slice that adds a resolver adds it here, with its node kinds and a permission
 * for each of its root fields, and for each mutation what an API key must be made for to call it; a forgotten one stops the
 * build of the schema.
 */
import 'reflect-metadata';
import type { SchemaParts } from './api/graphql/build-schema.js';
import {
  EmbeddingModelResolver,
  LanguageModelResolver,
  ServerInfoResolver,
} from './api/server-info/server-info.resolver.js';
import { artifactNodes } from './artifacts/artifact.nodes.js';
import { ArtifactResolver, ProjectArtifactsResolver, RunArtifactsResolver } from './artifacts/artifact.resolver.js';
import { claimNodes } from './claims/claim.nodes.js';
import { ClaimResolver, EvidenceReceiptResolver } from './claims/claim.resolver.js';
import { PaperClaimsResolver } from './claims/paper-claims.resolver.js';
import { evidenceNodes } from './evidence/evidence.nodes.js';
import { SnapshotResolver, SnippetResolver, SourceResolver } from './evidence/source.resolver.js';
import { AccountResolver } from './identity/accounts/account.resolver.js';
import { ApiKeyResolver } from './identity/api-keys/api-key.resolver.js';
import { AuditResolver } from './identity/audit/audit.resolver.js';
import { GoogleResolver } from './identity/google/google.resolver.js';
import { identityNodes } from './identity/identity.nodes.js';
import { MemberResolver, TenantResolver } from './identity/members/member.resolver.js';
import { MfaResolver } from './identity/mfa/mfa.resolver.js';
import { RecoveryResolver } from './identity/recovery/recovery.resolver.js';
import { SessionResolver } from './identity/sessions/session.resolver.js';
import { ViewerResolver } from './identity/viewer.resolver.js';
import { IngestionResolver } from './kinds/ingestion/ingestion.resolver.js';
import { IngestionRunType } from './kinds/ingestion/ingestion.type.js';
import { ReportSentenceResolver, ResearchResolver } from './kinds/research/research.resolver.js';
import { ResearchRunType } from './kinds/research/research-run.type.js';
import { paperNodes } from './papers/paper.nodes.js';
import { PaperResolver, ProjectPapersResolver } from './papers/paper.resolver.js';
import { AuthorResolver, PaperPageResolver, PaperStructureResolver } from './papers/paper-structure.resolver.js';
import { projectNodes } from './projects/project.nodes.js';
import { ProjectResolver } from './projects/project.resolver.js';
import { RunSubscriptions } from './runs/following/run.subscription.js';
import { runNodes } from './runs/run.nodes.js';
import { ProjectRunsResolver, RunResolver, RunStageResolver } from './runs/run.resolver.js';
import { RUN_EVENT_OBJECT_TYPES } from './runs/run-event.type.js';
import { RunTrustResolver } from './trust/trust.resolver.js';

export const schemaParts: SchemaParts = {
  resolvers: [
    // identity
    AccountResolver,
    RecoveryResolver,
    MfaResolver,
    GoogleResolver,
    SessionResolver,
    ViewerResolver,
    MemberResolver,
    TenantResolver,
    ApiKeyResolver,
    AuditResolver,
    // projects
    ProjectResolver,
    // runs
    RunResolver,
    RunStageResolver,
    ProjectRunsResolver,
    RunSubscriptions,
    // artifacts
    ArtifactResolver,
    RunArtifactsResolver,
    ProjectArtifactsResolver,
    // papers and evidence
    PaperResolver,
    ProjectPapersResolver,
    PaperStructureResolver,
    AuthorResolver,
    PaperPageResolver,
    SourceResolver,
    SnapshotResolver,
    SnippetResolver,
    // claims
    ClaimResolver,
    EvidenceReceiptResolver,
    PaperClaimsResolver,
    // trust
    RunTrustResolver,
    // ingestion
    IngestionResolver,
    // research
    ResearchResolver,
    ReportSentenceResolver,
    // the installation
    ServerInfoResolver,
    EmbeddingModelResolver,
    LanguageModelResolver,
  ],
  orphanedTypes: [IngestionRunType, ResearchRunType, ...RUN_EVENT_OBJECT_TYPES],
  nodeKinds: [
    ...identityNodes,
    ...projectNodes,
    ...runNodes,
    ...artifactNodes,
    ...paperNodes,
    ...evidenceNodes,
    ...claimNodes,
  ],
  permissions: {
    Query: {
      node: 'VIEWER',
      viewer: 'VIEWER',
      project: 'VIEWER',
      projects: 'VIEWER',
      run: 'VIEWER',
      runs: 'VIEWER',
      artifact: 'VIEWER',
      paper: 'VIEWER',
      serverInfo: 'VIEWER',
      auditLog: 'ADMIN',
      verifyAudit: 'ADMIN',
      invitations: 'ADMIN',
      estimateResearch: 'RESEARCHER',
    },
    Mutation: {
      register: 'ANYONE',
      signIn: 'ANYONE',
      signInWithGoogle: 'ANYONE',
      verifyMfa: 'ANYONE',
      acceptInvitation: 'ANYONE',
      resetPassword: 'ANYONE',
      changePassword: 'VIEWER',
      switchTenant: 'VIEWER',
      startTotpEnrollment: 'VIEWER',
      confirmTotpEnrollment: 'VIEWER',
      disableTotp: 'VIEWER',
      createRecoveryCodes: 'VIEWER',
      linkGoogle: 'VIEWER',
      unlinkGoogle: 'VIEWER',
      leaveTenant: 'VIEWER',
      refreshSession: 'ANYONE',
      signOut: 'VIEWER',
      signOutEverywhere: 'VIEWER',
      createApiKey: 'VIEWER',
      revokeApiKey: 'VIEWER',
      inviteMember: 'ADMIN',
      revokeInvitation: 'ADMIN',
      setMemberRoles: 'ADMIN',
      removeMember: 'ADMIN',
      issuePasswordReset: 'ADMIN',
      createProject: 'RESEARCHER',
      renameProject: 'RESEARCHER',
      updateProject: 'RESEARCHER',
      archiveProject: 'RESEARCHER',
      deleteProject: 'RESEARCHER',
      cancelRun: 'RESEARCHER',
      retryRun: 'RESEARCHER',
      answerInputRequest: 'RESEARCHER',
      deleteRun: 'RESEARCHER',
      startResearch: 'RESEARCHER',
      replayRun: 'RESEARCHER',
      forkRun: 'RESEARCHER',
      prepareUpload: 'RESEARCHER',
      ingestPaper: 'RESEARCHER',
      deleteArtifact: 'RESEARCHER',
    },
    Subscription: {
      runEvents: 'VIEWER',
      runProgress: 'VIEWER',
      projectActivity: 'VIEWER',
    },
  },
  keyScopes: {
    register: 'NONE',
    signIn: 'NONE',
    signInWithGoogle: 'NONE',
    verifyMfa: 'NONE',
    acceptInvitation: 'NONE',
    resetPassword: 'NONE',
    refreshSession: 'NONE',
    signOut: 'NONE',
    signOutEverywhere: 'PERSON',
    changePassword: 'PERSON',
    switchTenant: 'PERSON',
    startTotpEnrollment: 'PERSON',
    confirmTotpEnrollment: 'PERSON',
    disableTotp: 'PERSON',
    createRecoveryCodes: 'PERSON',
    linkGoogle: 'PERSON',
    unlinkGoogle: 'PERSON',
    leaveTenant: 'PERSON',
    issuePasswordReset: 'PERSON',
    createApiKey: 'PERSON',
    revokeApiKey: 'ADMIN',
    inviteMember: 'ADMIN',
    revokeInvitation: 'ADMIN',
    setMemberRoles: 'ADMIN',
    removeMember: 'ADMIN',
    createProject: 'PROJECTS_WRITE',
    renameProject: 'PROJECTS_WRITE',
    updateProject: 'PROJECTS_WRITE',
    archiveProject: 'PROJECTS_WRITE',
    deleteProject: 'PROJECTS_WRITE',
    prepareUpload: 'PAPERS_WRITE',
    ingestPaper: 'PAPERS_WRITE',
    startResearch: 'RUNS_WRITE',
    replayRun: 'RUNS_WRITE',
    forkRun: 'RUNS_WRITE',
    cancelRun: 'RUNS_WRITE',
    retryRun: 'RUNS_WRITE',
    answerInputRequest: 'RUNS_WRITE',
    deleteRun: 'RUNS_WRITE',
    deleteArtifact: 'RUNS_WRITE',
  },
};
