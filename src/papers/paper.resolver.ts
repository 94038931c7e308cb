import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { signedIn } from '../identity/authorize.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { PageArgs } from '../platform/graphql/page-args.js';
import { paginateEach } from '../platform/graphql/paginate.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { type Project, ProjectEntity } from '../projects/project.entity.js';
import { ProjectType } from '../projects/project.type.js';
import { loadPaper } from './load-paper.js';
import { type Paper, PaperEntity } from './paper.entity.js';
import { PaperConnection, PaperType, PrepareUploadInput, UploadTicketType } from './paper.type.js';
import { prepareUpload } from './prepare-upload.js';

@Resolver(() => PaperType)
export class PaperResolver {
  @Query(() => PaperType, { nullable: true })
  paper(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return loadPaper(signedIn(ctx), id);
  }

  @Mutation(() => UploadTicketType, { description: 'Takes RESEARCHER. The ticket holds for an hour.' })
  async prepareUpload(@Ctx() ctx: ApiContext, @Arg('input', () => PrepareUploadInput) input: PrepareUploadInput) {
    const ticket = await prepareUpload(signedIn(ctx), { ...input, projectId: decodeId('proj', input.projectId) });
    return { ...ticket, uploadId: encodeId('upl', ticket.uploadId) };
  }

  @FieldResolver(() => ProjectType)
  project(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return loadById(ctx, ProjectEntity, paper.projectId);
  }
}

@Resolver(() => ProjectType)
export class ProjectPapersResolver {
  @FieldResolver(() => PaperConnection, { description: 'Newest first.' })
  papers(@Root() project: Project, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginateEach(ctx, { entity: PaperEntity, parent: 'projectId' }, project.id, page);
  }
}
