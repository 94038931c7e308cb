/** Finding an artifact the caller may see. Row security has hidden those of other tenants and of hidden projects. */
import type { Em } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import { type Artifact, ArtifactEntity } from './artifact.entity.js';

/** Errors: NOT_FOUND, whatever the reason. `publicId` is `art_…`. */
export async function loadArtifact({ em }: { em: Em }, publicId: string): Promise<Artifact> {
  const artifact = await em.findOne(ArtifactEntity, { id: decodeId('art', publicId) });
  if (!artifact) throw notFound('Artifact');
  return artifact;
}
