import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { UrlScalar } from '../platform/graphql/scalars.js';
import { findAuthor, type ListedAuthor } from './listed-author.js';
import { loadPrintedAuthors, loadStructure } from './load-structure.js';
import type { PageImageUrls } from './page-image/page-image-urls.js';
import { PAGE_WIDTH_PX } from './page-image/render-page.js';
import type { Paper } from './paper.entity.js';
import { PaperType } from './paper.type.js';
import { PaperPageType } from './paper-page.type.js';
import type { PaperAuthor, StructuredPaper } from './structured-paper.js';
import {
  AuthorType,
  BoxInput,
  CitationType,
  EquationType,
  FieldConfidenceType,
  FigureType,
  MentionType,
  MetricMentionType,
  PaperSectionType,
  PaperTableType,
  PlaceType,
  ReferenceType,
  UncertaintyType,
} from './structured-paper.type.js';

declare module '../platform/graphql/api-context.js' {
  interface Services {
    pageImages: PageImageUrls;
  }
}

/** What was read from a paper. Null before it is READY. */
const structureOf = async (ctx: ApiContext, paper: Paper): Promise<StructuredPaper | null> =>
  paper.status === 'READY' && paper.snapshotId ? loadStructure(ctx, paper.snapshotId) : null;

@Resolver(() => PaperType)
export class PaperStructureResolver {
  @FieldResolver(() => [AuthorType])
  authors(@Root() paper: Paper): ListedAuthor[] {
    const snapshotId = paper.status === 'READY' ? (paper.snapshotId ?? null) : null;
    return paper.authors.map((name) => ({ name, snapshotId }));
  }

  @FieldResolver(() => PlaceType, { nullable: true, description: 'Null when the paper does not print its title.' })
  async titlePlace(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.places.title;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Paragraphs, a blank line between.' })
  async abstract(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.abstract;
  }

  @FieldResolver(() => PlaceType, { nullable: true })
  async abstractPlace(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.places.abstract;
  }

  @FieldResolver(() => [String])
  async keywords(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.keywords ?? [];
  }

  @FieldResolver(() => [PaperSectionType], { description: 'In reading order; the tree is in the levels.' })
  async sections(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.sections ?? [];
  }

  @FieldResolver(() => [EquationType])
  async equations(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.equations ?? [];
  }

  @FieldResolver(() => [PaperTableType])
  async tables(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.tables ?? [];
  }

  @FieldResolver(() => [FigureType])
  async figures(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.figures ?? [];
  }

  @FieldResolver(() => [ReferenceType], { description: 'In the order of the list.' })
  async references(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.references ?? [];
  }

  @FieldResolver(() => [CitationType], { description: 'In reading order.' })
  async citations(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    const { citations = [], references = [] } = (await structureOf(ctx, paper)) ?? {};
    return citations.map((citation) => ({
      ...citation,
      referenceIndexes: citation.references,
      references: citation.references.flatMap((index) => references[index] ?? []),
    }));
  }

  @FieldResolver(() => [MentionType])
  async datasets(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.datasets ?? [];
  }

  @FieldResolver(() => [MetricMentionType])
  async metrics(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.metrics ?? [];
  }

  @FieldResolver(() => [FieldConfidenceType], { description: 'How sure each field is, and what that rests on.' })
  async confidence(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.confidence ?? [];
  }

  @FieldResolver(() => [UncertaintyType], { description: 'What could not be read, or not for sure.' })
  async uncertainties(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.uncertainties ?? [];
  }

  @FieldResolver(() => String, { nullable: true, description: 'name@version of what read it.' })
  async engine(@Root() paper: Paper, @Ctx() ctx: ApiContext) {
    return (await structureOf(ctx, paper))?.engine;
  }

  @FieldResolver(() => [PaperPageType], { description: 'None when the format has no pages.' })
  async pages(@Root() paper: Paper, @Ctx() ctx: ApiContext): Promise<PaperPageType[]> {
    return ((await structureOf(ctx, paper))?.pages ?? []).map((page) => ({ ...page, paper }));
  }

  @FieldResolver(() => PaperPageType, { nullable: true, description: 'Null when there is no page of that number.' })
  async page(
    @Root() paper: Paper,
    @Ctx() ctx: ApiContext,
    @Arg('number', () => Int) number: number,
  ): Promise<PaperPageType | null> {
    const page = (await structureOf(ctx, paper))?.pages.find((candidate) => candidate.number === number);
    return page ? { ...page, paper } : null;
  }
}

const printed = async (ctx: ApiContext, { name, snapshotId }: ListedAuthor): Promise<PaperAuthor | undefined> =>
  snapshotId === null ? undefined : findAuthor(await loadPrintedAuthors(ctx, snapshotId), name);

@Resolver(() => AuthorType)
export class AuthorResolver {
  @FieldResolver(() => [String], { description: 'As printed.' })
  async affiliations(@Root() author: ListedAuthor, @Ctx() ctx: ApiContext) {
    return (await printed(ctx, author))?.affiliations ?? [];
  }

  @FieldResolver(() => String, { nullable: true })
  async email(@Root() author: ListedAuthor, @Ctx() ctx: ApiContext) {
    return (await printed(ctx, author))?.email;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Such as 0000-0002-1825-0097.' })
  async orcid(@Root() author: ListedAuthor, @Ctx() ctx: ApiContext) {
    return (await printed(ctx, author))?.orcid;
  }

  @FieldResolver(() => PlaceType, {
    nullable: true,
    description: 'Null for a name that is not printed in the paper.',
  })
  place(@Root() author: ListedAuthor, @Ctx() ctx: ApiContext) {
    return printed(ctx, author);
  }
}

@Resolver(() => PaperPageType)
export class PaperPageResolver {
  @FieldResolver(() => UrlScalar, {
    description:
      'A PNG of the page with the boxes marked. Works without credentials for one to two hours; the same arguments give the same address for a while.',
  })
  imageUrl(
    @Root() page: PaperPageType,
    @Ctx() ctx: ApiContext,
    @Arg('boxes', () => [BoxInput], { nullable: true, description: 'Up to 100.' }) boxes?: BoxInput[],
    @Arg('width', () => Int, { defaultValue: PAGE_WIDTH_PX, description: 'In pixels: 64 to 3600.' })
    width: number = PAGE_WIDTH_PX,
  ) {
    const { tenantId, contentSha256: sha256 } = page.paper;
    return ctx.services.pageImages.sign({ tenantId, sha256, page: page.number, boxes: boxes ?? [], widthPx: width });
  }
}
