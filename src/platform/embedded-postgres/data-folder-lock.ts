/**
 * One process at a time owns a data folder. The lock is a file that names its holder by pid and start time, so a lock
 * left by SIGKILL or a power cut is recognised and taken over, and a reused pid is not mistaken for the holder. It
 * appears by link(2), which fails if the name exists. Underneath it stands Postgres's own interlock.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { processStart } from './process-identity.js';
import { randomSuffix } from './reachable-folder.js';

const holderRecord = z.object({ pid: z.number(), started: z.string() });
const MAX_TRIES = 5;

/** Takes the lock and returns how to release it; throws CONFLICT when a living process holds it. */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'lock');
  const mine = JSON.stringify({ pid: process.pid, started: (await processStart(process.pid)) ?? '' });
  const draft = `${file}.${randomSuffix()}`;
  try {
    await writeFile(draft, mine, { mode: 0o600, flag: 'wx' });
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      try {
        await link(draft, file);
        return () => release(file, mine);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await removeIfStale(file, folder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw inUse(folder, undefined);
}

async function removeIfStale(file: string, folder: string): Promise<void> {
  const seen = await readFile(file, 'utf8').catch(() => '');
  const holder = parseHolder(seen);
  if (holder && (await processStart(holder.pid)) === holder.started) throw inUse(folder, holder.pid);
  // Set aside rather than deleted: if another start took the lock between the look and the rename, it gets it back.
  const aside = `${file}.${randomSuffix()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => '');
  if (moved !== seen) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(file: string, mine: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
}

function parseHolder(text: string): z.infer<typeof holderRecord> | undefined {
  try {
    return holderRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const inUse = (folder: string, pid: number | undefined) =>
  new AppError(
    'CONFLICT',
    `${folder} is already in use${pid === undefined ? '' : ` by process ${pid}`}. Stop that one first, or set DATA_DIR to another folder.`,
  );
