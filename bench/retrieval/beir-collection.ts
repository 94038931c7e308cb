/** Reads a test collection in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Judgements } from './ranking-metrics.js';

export interface Collection {
  name: string;
  documents: { id: string; title: string; text: string }[];
  queries: { id: string; text: string; judgements: Judgements }[]; // those with judgements
}

/** Undefined when the folder holds none. */
export function readCollection(folder: string): Collection | undefined {
  if (!existsSync(join(folder, 'corpus.jsonl'))) return undefined;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n');
  const judgements = new Map<string, Map<string, number>>();
  for (const line of readJudgements(folder).slice(1)) {
    const [query = '', document = '', grade = '0'] = line.split('\t');
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, Number(grade)));
  }
  const parse = (file: string) =>
    read(file).map((line) => JSON.parse(line) as { _id: string; title?: string; text: string });
  return {
    name: basename(folder),
    documents: parse('corpus.jsonl').map(({ _id, title = '', text }) => ({ id: _id, title, text })),
    queries: parse('queries.jsonl').flatMap(({ _id, text }) => {
      const judged = judgements.get(_id);
      return judged ? [{ id: _id, text, judgements: judged }] : [];
    }),
  };
}

/** BEIR keeps them in a folder, one file a split; a flat layout is common too. */
function readJudgements(folder: string): string[] {
  const files = ['qrels.tsv', 'qrels/test.tsv', 'qrels/dev.tsv', 'qrels/train.tsv'];
  const found = files.map((file) => join(folder, file)).find((file) => existsSync(file));
  return found ? readFileSync(found, 'utf8').trim().split('\n') : [];
}
