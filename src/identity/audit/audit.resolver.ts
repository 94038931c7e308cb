import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import { PageArgs } from '../../platform/graphql/page-args.js';
import { encodeId } from '../../platform/ids.js';
import { requireRole, signedIn } from '../authorize.js';
import { UserEntity } from '../user.entity.js';
import { UserType } from '../user.type.js';
import { AuditEntryConnection, AuditEntryType, AuditFilter, AuditVerificationType } from './audit.type.js';
import { AUDIT_TARGETS } from './audit-action.js';
import type { AuditHeadStore } from './audit-head.js';
import { type AuditEntry, listAuditEntries } from './list-audit-entries.js';
import { verifyAudit } from './verify-audit.js';

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    auditHeads: AuditHeadStore;
  }
}

@Resolver(() => AuditEntryType)
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what in your tenant, newest first. Takes ADMIN, who so learns of private projects that something happens there.',
  })
  auditLog(
    @Ctx() ctx: ApiContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditFilter, { nullable: true }) filter?: AuditFilter,
  ) {
    return listAuditEntries(signedIn(ctx), filter, page);
  }

  @Query(() => AuditVerificationType, {
    description: 'Reads the whole log and finds the first entry that was changed, removed or cut off. Takes ADMIN.',
  })
  verifyAudit(@Ctx() ctx: ApiContext) {
    const { em, actor, clock, services } = signedIn(ctx);
    requireRole(actor, 'ADMIN');
    return verifyAudit({ scope: em, heads: services.auditHeads, clock }, actor.tenantId);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null for those who are no members any more.' })
  actor(@Root() entry: AuditEntry, @Ctx() ctx: ApiContext) {
    return entry.actorId && loadById(ctx, UserEntity, entry.actorId);
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Of the user, a member still or not.' })
  actorId(@Root() entry: AuditEntry): string | null {
    return entry.actorId && encodeId('user', entry.actorId);
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Of the API key that was used.' })
  apiKeyId(@Root() entry: AuditEntry): string | null {
    return entry.actorKind === 'API_KEY' && entry.credentialId ? encodeId('key', entry.credentialId) : null;
  }

  @FieldResolver(() => ID, { nullable: true, description: 'Of the run on whose behalf a worker did it.' })
  runId(@Root() entry: AuditEntry): string | null {
    return entry.runId && encodeId('run', entry.runId);
  }

  @FieldResolver(() => ID, { nullable: true, description: 'It may be deleted since. Of a Blob the sha256.' })
  targetId(@Root() { targetType, targetId }: AuditEntry): string | null {
    const prefix = targetType && AUDIT_TARGETS[targetType];
    return prefix && targetId ? encodeId(prefix, targetId) : targetId;
  }
}
