/** The files of a run, fetched by their signed URLs and checked against their hashes, into a folder. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Paperwright } from '../sdk/client.js';
import { getArtifact } from '../sdk/transfer.js';

export const REPORT_FILES = [
  'report.md',
  'report.html',
  'report.pdf',
  'report.docx',
  'report.json',
  'claims.json',
  'references.bib',
  'references.csl.json',
] as const;
type ReportFile = (typeof REPORT_FILES)[number];
/** A machine without a build of Typst makes no PDF. */
export type ReportFiles = Record<Exclude<ReportFile, 'report.pdf'>, Buffer> & Partial<Record<ReportFile, Buffer>>;

/** The report of an earlier question must not be taken for the answer to this one. */
export async function removeOldReport(folder: string): Promise<void> {
  for (const name of REPORT_FILES) await rm(path.join(folder, name), { force: true });
}

/** Throws PaperwrightError (HASH_MISMATCH and others), or an Error when a file is missing or cannot be written. */
export async function saveArtifacts(paperwright: Paperwright, runId: string, folder: string): Promise<ReportFiles> {
  const { run } = await paperwright.artifacts({ runId, first: 50 });
  const artifacts = run?.artifacts.edges.map(({ node }) => node) ?? [];
  await mkdir(folder, { recursive: true });
  const files: Partial<ReportFiles> = {};
  for (const name of REPORT_FILES) {
    const artifact = artifacts.find((each) => each.name === name);
    if (!artifact && name === 'report.pdf') continue;
    if (!artifact) throw new Error(`The run has left no ${name}.`);
    const bytes = Buffer.from(await getArtifact(artifact));
    await writeFile(path.join(folder, name), bytes);
    files[name] = bytes;
  }
  return files as ReportFiles;
}
