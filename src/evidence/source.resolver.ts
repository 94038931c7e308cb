import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { loadPaperOfSnapshot } from '../papers/load-structure.js';
import { PaperType } from '../papers/paper.type.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { loadSnapshotText } from './load-snapshot-text.js';
import { type Snapshot, SnapshotEntity } from './snapshot.entity.js';
import type { Snippet } from './snippet.entity.js';
import { type Source, SourceEntity } from './source.entity.js';
import { SnapshotType, SnippetType, SourceType } from './source.type.js';

@Resolver(() => SourceType)
export class SourceResolver {
  @FieldResolver(() => SnapshotType, { nullable: true })
  snapshot(@Root() source: Source, @Ctx() ctx: ApiContext) {
    return loadById(ctx, SnapshotEntity, source.snapshotId);
  }

  @FieldResolver(() => PaperType, { nullable: true, description: 'The paper it was read from.' })
  paper(@Root() source: Source, @Ctx() ctx: ApiContext) {
    return loadPaperOfSnapshot(ctx, source.snapshotId);
  }
}

@Resolver(() => SnapshotType)
export class SnapshotResolver {
  @FieldResolver(() => String, {
    description: 'The whole text, whose sha256 is `sha256`: slice its UTF-8 bytes to check a receipt.',
  })
  text(@Root() snapshot: Snapshot, @Ctx() ctx: ApiContext) {
    return loadSnapshotText(ctx, snapshot.id);
  }
}

@Resolver(() => SnippetType)
export class SnippetResolver {
  @FieldResolver(() => SourceType)
  source(@Root() snippet: Snippet, @Ctx() ctx: ApiContext) {
    return loadById(ctx, SourceEntity, snippet.sourceId);
  }

  @FieldResolver(() => SnapshotType)
  snapshot(@Root() snippet: Snippet, @Ctx() ctx: ApiContext) {
    return loadById(ctx, SnapshotEntity, snippet.snapshotId);
  }
}
