import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { ProjectEntity } from './project.entity.js';

export const projectNodes = [
  nodeKind({ prefix: 'proj', typeNames: ['Project'], load: (ctx, id) => loadById(ctx, ProjectEntity, id) }),
];
