import { loadById } from '../platform/graphql/loader-registry.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { InputRequestEntity } from './input-request.entity.js';
import { type Run, RunEntity } from './run.entity.js';
import { RunKind } from './run.type.js';
import { runTypeName } from './run-kind.js';

export const runNodes = [
  nodeKind<Run>({
    prefix: 'run',
    typeNames: Object.keys(RunKind).map(runTypeName),
    typeNameOf: (run) => runTypeName(run.kind),
    load: (ctx, id) => loadById(ctx, RunEntity, id),
  }),
  nodeKind({
    prefix: 'req',
    typeNames: ['InputRequest'],
    load: async (ctx, id) => {
      const request = await loadById(ctx, InputRequestEntity, id);
      // a request is seen by those who see its run: its project may be hidden from them
      return request && (await loadById(ctx, RunEntity, request.runId)) ? request : null;
    },
  }),
];
