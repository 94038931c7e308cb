import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { ClaimEntity } from './claim.entity.js';

export const claimNodes = [
  nodeKind({ prefix: 'claim', typeNames: ['Claim'], load: (ctx, id) => loadById(ctx, ClaimEntity, id) }),
];
