import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseServerAccount } from './postgres-account.js';
import { locatePostgresBinaries, makeRunnable } from './postgres-binaries.js';
import { sharedRoot } from './reachable-folder.js';

const asRoot = process.getuid?.() === 0;
let folder: string;
let packageCopy: string;

/** A copy of the installed package as npm leaves it when it may run no install scripts: without the library links. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'paperwright-binaries-'));
  await chmod(folder, 0o755);
  packageCopy = path.join(folder, 'package');
  const { postgres } = await locatePostgresBinaries({ switchTo: undefined });
  execFileSync('cp', ['-a', path.resolve(postgres, '../../..'), packageCopy]);
  execFileSync('find', [packageCopy, '-type', 'l', '-delete']);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('makeRunnable', () => {
  it('makes the library links that npm left out', async () => {
    const links: { target: string }[] = JSON.parse(
      await readFile(path.join(packageCopy, 'native/pg-symlinks.json'), 'utf8'),
    );
    const { postgres, majorVersion } = await makeRunnable(packageCopy, '17.10.0-beta.17', { switchTo: undefined });
    expect(postgres.startsWith(packageCopy)).toBe(true);
    expect(majorVersion).toBe('17');
    for (const { target } of links) expect((await lstat(path.join(packageCopy, target))).isSymbolicLink()).toBe(true);
    expect(execFileSync(postgres, ['--version'], { encoding: 'utf8' })).toContain('17.10');
  });

  it.skipIf(!asRoot)(
    `copies a package that the server's account cannot reach${asRoot ? '' : ' (skipped: this user is not root)'}`,
    async () => {
      await chmod(folder, 0o700);
      const account = await chooseServerAccount(() => undefined);
      const version = `17.10.0-test.${process.pid}`;
      const { postgres } = await makeRunnable(packageCopy, version, account);
      try {
        expect(postgres.startsWith(sharedRoot())).toBe(true);
        const as = { uid: account.switchTo?.uid, gid: account.switchTo?.gid };
        expect(execFileSync(postgres, ['--version'], { encoding: 'utf8', cwd: '/', ...as })).toContain('17.10');
        expect((await makeRunnable(packageCopy, version, account)).postgres).toBe(postgres);
      } finally {
        await rm(path.resolve(postgres, '../../..'), { recursive: true, force: true });
      }
    },
  );
});
