import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocuments } from './find-documents.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paperwright-find-'));
  await mkdir(path.join(folder, 'papers/deep'), { recursive: true });
  await mkdir(path.join(folder, 'papers/.git'));
  await mkdir(path.join(folder, 'empty'));
  const files = ['papers/b.PDF', 'papers/a.md', 'papers/deep/c.txt', 'papers/data.csv', 'papers/.git/d.md', 'lone.txt'];
  for (const name of files) await writeFile(path.join(folder, name), name);
  await symlink(path.join(folder, 'lone.txt'), path.join(folder, 'papers/linked.txt'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('findDocuments', () => {
  it('takes .md, .txt and .pdf files of a folder and below it, and says what it passed over', async () => {
    const { documents, skipped, problems } = await findDocuments(['papers'], folder);
    expect(documents.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['a.md', 'text/markdown'],
      ['b.PDF', 'application/pdf'],
      [path.join('deep', 'c.txt'), 'text/plain'],
      ['linked.txt', 'text/plain'],
    ]);
    expect(skipped).toEqual(['data.csv']);
    expect(problems).toEqual([]);
  });

  it('takes a file that was named twice once', async () => {
    const { documents } = await findDocuments(['lone.txt', path.join(folder, 'lone.txt')], folder);
    expect(documents).toHaveLength(1);
  });

  it('leaves out what it is told to leave out', async () => {
    const { documents } = await findDocuments(['papers'], folder, /^[ab]\./);
    expect(documents.map(({ name }) => path.basename(name))).toEqual(['c.txt', 'linked.txt']);
  });

  it('says of each path what is wrong with it', async () => {
    const { problems } = await findDocuments(['empty', 'nowhere', 'papers/data.csv'], folder);
    expect(problems).toEqual([
      'empty: there is no .md, .txt or .pdf file in this folder.',
      'nowhere: there is no such file or folder.',
      'papers/data.csv: only .md, .txt and .pdf files can be read.',
    ]);
  });
});
