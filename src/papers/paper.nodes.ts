import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { PaperEntity } from './paper.entity.js';

export const paperNodes = [
  nodeKind({ prefix: 'paper', typeNames: ['Paper'], load: (ctx, id) => loadById(ctx, PaperEntity, id) }),
];
