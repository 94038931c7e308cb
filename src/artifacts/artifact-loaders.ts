/** Fields of many artifacts or runs at once, each kind of question one statement. */
import type { Em } from '../platform/database/database.js';
import { groupBy } from '../platform/graphql/group-by.js';
import type { LoaderRegistry } from '../platform/graphql/loader-registry.js';
import { type Artifact, ArtifactEntity } from './artifact.entity.js';
import { type ArtifactUsage, readArtifactUsage } from './artifact-usage.js';

interface LoaderScope {
  em: Em;
  loaders: LoaderRegistry;
}

export const loadArtifactUsage = ({ em, loaders }: LoaderScope, runId: string): Promise<ArtifactUsage> =>
  loaders.get('artifact usage by run', (runIds) => readArtifactUsage(em, runIds)).load(runId);

/** Every version of the artifact's name in its project, newest first, itself among them. */
export function loadVersions({ em, loaders }: LoaderScope, { projectId, name }: Artifact): Promise<Artifact[]> {
  const keyOf = (row: { projectId: string; name: string }) => JSON.stringify([row.projectId, row.name]);
  return loaders
    .get<Artifact[]>('artifact versions', async (keys) => {
      const wanted = keys.map((key) => JSON.parse(key) as [string, string]);
      const rows = await em.find(
        ArtifactEntity,
        { $or: wanted.map(([project, wantedName]) => ({ projectId: project, name: wantedName })) },
        { orderBy: { version: 'desc' } },
      );
      const groups = groupBy(rows, keyOf);
      return keys.map((key) => groups.get(key) ?? []);
    })
    .load(keyOf({ projectId, name }));
}
