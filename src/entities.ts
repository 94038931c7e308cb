/** Every entity the product stores: the composition roots and the tests hand this one list to `openDatabase`. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { ArtifactEntity } from './artifacts/artifact.entity.js';
import { ClaimEntity } from './claims/claim.entity.js';
import { ReceiptEntity } from './claims/receipt.entity.js';
import { SnapshotEntity } from './evidence/snapshot.entity.js';
import { SnippetEntity } from './evidence/snippet.entity.js';
import { SourceEntity } from './evidence/source.entity.js';
import { ApiKeyEntity } from './identity/api-keys/api-key.entity.js';
import { InvitationEntity } from './identity/members/invitation.entity.js';
import { MembershipEntity } from './identity/members/membership.entity.js';
import { TenantEntity } from './identity/tenant.entity.js';
import { UserEntity } from './identity/user.entity.js';
import { IngestionRunEntity } from './kinds/ingestion/ingestion-run.entity.js';
import { ResearchRunEntity } from './kinds/research/research-run.entity.js';
import { ResearchSourceEntity } from './kinds/research/research-source.entity.js';
import { PaperEntity } from './papers/paper.entity.js';
import { UploadEntity } from './papers/upload.entity.js';
import { ProjectEntity } from './projects/project.entity.js';
import { InputRequestEntity } from './runs/input-request.entity.js';
import { RunEntity } from './runs/run.entity.js';
import { RunOriginEntity } from './runs/run-origin.entity.js';
import { RunStageEntity } from './runs/run-stage.entity.js';
import { TrustScoreEntity } from './trust/trust-score.entity.js';

export const ENTITIES: EntitySchema[] = [
  TenantEntity,
  UserEntity,
  MembershipEntity,
  InvitationEntity,
  ApiKeyEntity,
  ProjectEntity,
  RunEntity,
  RunStageEntity,
  InputRequestEntity,
  RunOriginEntity,
  ArtifactEntity,
  SnapshotEntity,
  SourceEntity,
  SnippetEntity,
  UploadEntity,
  PaperEntity,
  IngestionRunEntity,
  ClaimEntity,
  ReceiptEntity,
  TrustScoreEntity,
  ResearchRunEntity,
  ResearchSourceEntity,
] as unknown as EntitySchema[];
