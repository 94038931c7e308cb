import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { signedIn } from '../identity/authorize.js';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { PageArgs } from '../platform/graphql/page-args.js';
import { paginateEach } from '../platform/graphql/paginate.js';
import { UrlScalar } from '../platform/graphql/scalars.js';
import type { Project } from '../projects/project.entity.js';
import { ProjectType } from '../projects/project.type.js';
import { type Run, RunEntity } from '../runs/run.entity.js';
import { RunType } from '../runs/run.type.js';
import { type Artifact, ArtifactEntity } from './artifact.entity.js';
import { ArtifactConnection, ArtifactType, ArtifactUsageType } from './artifact.type.js';
import { loadArtifactUsage, loadVersions } from './artifact-loaders.js';
import { artifactLimit } from './artifact-usage.js';
import { deleteArtifact } from './delete-artifact.js';
import { DEFAULT_URL_SECONDS, downloadUrl } from './download-url.js';
import { loadArtifact } from './load-artifact.js';

declare module '../platform/graphql/api-context.js' {
  interface Services {
    blobs: BlobStore;
  }
}

@Resolver(() => ArtifactType)
export class ArtifactResolver {
  @Query(() => ArtifactType, { nullable: true })
  artifact(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return loadArtifact(signedIn(ctx), id);
  }

  @Mutation(() => ID, { description: 'Deletes this version; its number is not used again. Takes RESEARCHER.' })
  deleteArtifact(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return deleteArtifact(signedIn(ctx), id);
  }

  @FieldResolver(() => RunType)
  run(@Root() artifact: Artifact, @Ctx() ctx: ApiContext) {
    return loadById(ctx, RunEntity, artifact.runId);
  }

  @FieldResolver(() => [ArtifactType], { description: 'All versions under this name in the project, newest first.' })
  versions(@Root() artifact: Artifact, @Ctx() ctx: ApiContext) {
    return loadVersions(ctx, artifact);
  }

  @FieldResolver(() => UrlScalar, { description: 'Works without credentials until it expires: 30 to 86400 seconds.' })
  downloadUrl(
    @Root() artifact: Artifact,
    @Ctx() ctx: ApiContext,
    @Arg('expiresInSeconds', () => Int, { defaultValue: DEFAULT_URL_SECONDS }) expiresInSeconds: number,
  ) {
    return downloadUrl(signedIn(ctx), artifact, expiresInSeconds);
  }
}

@Resolver(() => RunType)
export class RunArtifactsResolver {
  @FieldResolver(() => ArtifactConnection, { description: 'Newest first.' })
  artifacts(@Root() run: Run, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(ctx, { entity: ArtifactEntity, parent: 'runId' }, run.id, page);
  }

  @FieldResolver(() => ArtifactUsageType)
  async artifactUsage(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return { ...(await loadArtifactUsage(ctx, run.id)), limitBytes: artifactLimit(run.limits) };
  }
}

@Resolver(() => ProjectType)
export class ProjectArtifactsResolver {
  @FieldResolver(() => ArtifactConnection, { description: 'Newest first.' })
  artifacts(@Root() project: Project, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(ctx, { entity: ArtifactEntity, parent: 'projectId' }, project.id, page);
  }
}
