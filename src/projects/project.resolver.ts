import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { signedIn } from '../identity/authorize.js';
import { UserEntity } from '../identity/user.entity.js';
import { UserType } from '../identity/user.type.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { PageArgs } from '../platform/graphql/page-args.js';
import { paginate } from '../platform/graphql/paginate.js';
import { decodeId } from '../platform/ids.js';
import { archiveProject } from './archive-project.js';
import { createProject } from './create-project.js';
import { deleteProject } from './delete-project.js';
import { requireProject } from './load-project.js';
import { type Project, ProjectEntity } from './project.entity.js';
import { CreateProjectInput, ProjectConnection, ProjectType, UpdateProjectInput } from './project.type.js';
import { renameProject } from './rename-project.js';
import { updateProject } from './update-project.js';

@Resolver(() => ProjectType)
export class ProjectResolver {
  @Query(() => ProjectType, { nullable: true })
  project(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return requireProject(signedIn(ctx), decodeId('proj', id));
  }

  @Query(() => ProjectConnection, { description: 'The projects you may see, newest first.' })
  projects(@Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return paginate(signedIn(ctx).em, ProjectEntity, {}, page);
  }

  @Mutation(() => ProjectType, { description: 'Takes RESEARCHER.' })
  createProject(@Ctx() ctx: ApiContext, @Arg('input', () => CreateProjectInput) input: CreateProjectInput) {
    return createProject(signedIn(ctx), input);
  }

  @Mutation(() => ProjectType)
  renameProject(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string, @Arg('name', () => String) name: string) {
    return renameProject(signedIn(ctx), id, name);
  }

  @Mutation(() => ProjectType, {
    description:
      'Changes its name, who sees it, or both. Whoever follows a run of it and may no longer see it is cut off. Takes its owner, or an OWNER.',
  })
  updateProject(@Ctx() ctx: ApiContext, @Arg('input', () => UpdateProjectInput) input: UpdateProjectInput) {
    return updateProject(signedIn(ctx), input);
  }

  @Mutation(() => ProjectType, { description: 'The project keeps all it has and takes nothing new.' })
  archiveProject(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return archiveProject(signedIn(ctx), id);
  }

  @Mutation(() => ID, { description: 'Deletes the project with everything in it. Refused while a run is under way.' })
  deleteProject(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return deleteProject(signedIn(ctx), id);
  }

  @FieldResolver(() => UserType, { nullable: true })
  owner(@Root() project: Project, @Ctx() ctx: ApiContext) {
    return loadById(ctx, UserEntity, project.ownerId);
  }
}
