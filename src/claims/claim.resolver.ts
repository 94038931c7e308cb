import { Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql';
import { SnippetEntity } from '../evidence/snippet.entity.js';
import { SnippetType } from '../evidence/source.type.js';
import { loadLines } from '../papers/load-structure.js';
import { boxesOf } from '../papers/place-of.js';
import { PageBoxType } from '../papers/structured-paper.type.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadBy, loadById } from '../platform/graphql/loader-registry.js';
import type { Claim } from './claim.entity.js';
import { ClaimType, EvidenceReceiptType } from './claim.type.js';
import { type Receipt, ReceiptEntity } from './receipt.entity.js';
import { Verdict } from './verdict.js';

@Resolver(() => ClaimType)
export class ClaimResolver {
  @FieldResolver(() => Verdict, {
    description:
      'UNSUPPORTED until the factcheck stage has checked it. It checks claims of reports; those of papers stay UNSUPPORTED.',
  })
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
  async boxes(@Root() receipt: Receipt, @Ctx() ctx: ApiContext): Promise<PageBoxType[]> {
    return boxesOf(await loadLines(ctx, receipt.snapshotId), receipt.startOffset, receipt.endOffset);
  }
}
