/**
 * Makes stored content an artifact of a run. The blob comes first, outside any transaction (`putContent`); the row joins
 * the caller's transaction and appears with it. A crash in between leaves a blob that nobody names, for the sweep.
 *
 * Publishing the same content under the same name in the same run again returns the artifact that is there: a stage that
 * runs twice publishes once. Anything else under a known name is its next version.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import type { StoredBlob } from '../platform/blobs/blob-store.js';
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { AppError, badInput, notFound } from '../platform/errors.js';
import { encodeId, newId } from '../platform/ids.js';
import type { BudgetLimits } from '../runs/run.entity.js';
import type { RunEventDraft } from '../runs/run-event.js';
import { type Artifact, ArtifactEntity, type ArtifactKind } from './artifact.entity.js';
import { artifactLimit, readArtifactUsage, requireRoom } from './artifact-usage.js';

const LOCK_RUN = loadSql(import.meta.url, './sql/lock-run-artifacts.sql');
const INSERT = loadSql(import.meta.url, './sql/insert-artifact.sql');
const MAX_NAME_CHARS = 200;

export interface PublishArtifactInput {
  runId: string; // uuid
  name: string; // a file name: `report.md`
  kind: ArtifactKind;
  mediaType: string;
  blob: StoredBlob;
}

/** `em` is in a transaction. Errors: QUOTA_EXCEEDED with count, bytes and limit; NOT_FOUND; BAD_INPUT for the name. */
export async function publishArtifact({ em }: { em: Em }, input: PublishArtifactInput): Promise<Artifact> {
  if (!em.isInTransaction()) throw new AppError('INTERNAL', 'An artifact is published within a transaction.');
  checkName(input.name);
  const { runId, name, blob } = input;
  const [run] = await runSql<{ tenant_id: string; project_id: string; limits: BudgetLimits }>(em, LOCK_RUN, [runId]);
  if (!run) throw notFound('Run');

  const published = await em.findOne(ArtifactEntity, { runId, name, sha256: blob.sha256 });
  if (published) return published;

  const [usage] = await readArtifactUsage(em, [runId]);
  if (usage) requireRoom(usage, blob.bytes, artifactLimit(run.limits));
  const id = newId();
  const { kind, mediaType } = input;
  await runSql(em, INSERT, [id, run.tenant_id, run.project_id, runId, name, kind, mediaType, blob.bytes, blob.sha256]);
  const artifact = await em.findOneOrFail(ArtifactEntity, { id });
  const metadata = { kind, version: artifact.version, bytes: blob.bytes, sha256: blob.sha256 };
  await recordAudit(em, { action: 'ARTIFACT_EXPORTED', target: { type: 'Artifact', id }, runId, metadata });
  return artifact;
}

/** The line of the run's timeline that goes with it. */
export const artifactPublished = ({ id, name, version, bytes, sha256 }: Artifact): RunEventDraft => ({
  type: 'ARTIFACT_PUBLISHED',
  message: `Published ${name}, version ${version}.`,
  payload: { artifactId: encodeId('art', id), name, version, bytes, sha256 },
});

/** A name is shown as a file's and unpacked as one: it must not be able to leave its folder. */
function checkName(name: string): void {
  if (name.length <= MAX_NAME_CHARS && /^[^\p{C}/\\]+$/u.test(name) && !/^\.+$/.test(name)) return;
  throw badInput(`An artifact's name is a file name of 1 to ${MAX_NAME_CHARS} characters, without folders.`);
}
