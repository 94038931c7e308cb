import { Arg, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { SnippetEntity } from '../evidence/snippet.entity.js';
import { SnippetType } from '../evidence/source.type.js';
import { loadLines, loadPaperOfSnapshot } from '../papers/load-structure.js';
import { MAX_MARKED_BOXES, type PageImage } from '../papers/page-image/page-image-urls.js';
import { PAGE_WIDTH_PX } from '../papers/page-image/render-page.js';
import type { Paper } from '../papers/paper.entity.js';
import { boxesOf, type PageBox } from '../papers/place-of.js';
import { PageBoxType } from '../papers/structured-paper.type.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadBy, loadById } from '../platform/graphql/loader-registry.js';
import { UrlScalar } from '../platform/graphql/scalars.js';
import type { Claim } from './claim.entity.js';
import { ClaimType, EvidenceReceiptType } from './claim.type.js';
import { type Receipt, ReceiptEntity } from './receipt.entity.js';
import { Verdict } from './verdict.js';

@Resolver(() => ClaimType)
export class ClaimResolver {
  @FieldResolver(() => Boolean, {
    description:
      'Whether anything has been held against it. False for the claims of a paper, which are candidates, and for those of a report until its factcheck has ended: their `verdict` then says nothing.',
  })
  checked(@Root() claim: Claim): boolean {
    return claim.verdict !== null && claim.verdict !== undefined;
  }

  @FieldResolver(() => Verdict, { description: 'UNSUPPORTED while nothing has been held against it: see `checked`.' })
  verdict(@Root() claim: Claim): Verdict {
    return claim.verdict ?? 'UNSUPPORTED';
  }

  @FieldResolver(() => Float, { description: '0 to 1; 0 until it has been checked.' })
  confidence(@Root() claim: Claim): number {
    return claim.confidence ?? 0;
  }

  @FieldResolver(() => [EvidenceReceiptType], {
    description: 'First the sentence it was taken from; then for and against.',
  })
  receipts(@Root() claim: Claim, @Ctx() ctx: ApiContext): Promise<Receipt[]> {
    return loadBy(ctx, ReceiptEntity, 'claimId', claim.id);
  }
}

@Resolver(() => EvidenceReceiptType)
export class EvidenceReceiptResolver {
  @FieldResolver(() => SnippetType)
  snippet(@Root() receipt: Receipt, @Ctx() ctx: ApiContext) {
    return loadById(ctx, SnippetEntity, receipt.snippetId);
  }

  @FieldResolver(() => [PageBoxType], {
    description:
      'Where the quote stands on the pages of the original, a rectangle a line: to be marked by `PaperPage.imageUrl`. Empty when the original has no pages.',
  })
  boxes(@Root() receipt: Receipt, @Ctx() ctx: ApiContext): Promise<PageBoxType[]> {
    return boxesOfReceipt(ctx, receipt);
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'A PNG of the page it begins on, with the quote marked, as `PaperPage.imageUrl`. Null when the original has no pages.',
  })
  async imageUrl(
    @Root() receipt: Receipt,
    @Ctx() ctx: ApiContext,
    @Arg('width', () => Int, { defaultValue: PAGE_WIDTH_PX, description: 'In pixels: 64 to 3600.' }) widthPx: number,
  ) {
    const boxes = await boxesOfReceipt(ctx, receipt);
    const paper = boxes[0] && (await loadPaperOfSnapshot(ctx, receipt.snapshotId));
    if (!paper) return null;
    return ctx.services.pageImages.sign(quotePicture(paper, boxes, widthPx));
  }
}

const boxesOfReceipt = async (ctx: ApiContext, { snapshotId, startOffset, endOffset }: Receipt): Promise<PageBox[]> =>
  boxesOf(await loadLines(ctx, snapshotId), startOffset, endOffset);

/** The page that the first box lies on, with all boxes of that page. */
function quotePicture(paper: Paper, boxes: readonly PageBox[], widthPx: number): PageImage {
  const page = boxes[0]?.page ?? 1;
  const marked = boxes.filter((box) => box.page === page).slice(0, MAX_MARKED_BOXES);
  const { tenantId, contentSha256: sha256 } = paper;
  return { tenantId, sha256, page, boxes: marked.map(({ box }) => box), widthPx };
}
