import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { ArtifactEntity } from './artifact.entity.js';

export const artifactNodes = [
  nodeKind({ prefix: 'art', typeNames: ['Artifact'], load: (ctx, id) => loadById(ctx, ArtifactEntity, id) }),
];
