import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { SnapshotEntity } from './snapshot.entity.js';
import { SnippetEntity } from './snippet.entity.js';
import { SourceEntity } from './source.entity.js';

export const evidenceNodes = [
  nodeKind({ prefix: 'src', typeNames: ['Source'], load: (ctx, id) => loadById(ctx, SourceEntity, id) }),
  nodeKind({ prefix: 'snap', typeNames: ['Snapshot'], load: (ctx, id) => loadById(ctx, SnapshotEntity, id) }),
  nodeKind({ prefix: 'snip', typeNames: ['Snippet'], load: (ctx, id) => loadById(ctx, SnippetEntity, id) }),
];
