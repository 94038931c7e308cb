import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SUPPORT_FEATURE_NAMES } from '../../worker/tools/claims/support-features.js';
import {
  classProbabilities,
  loadSupportModel,
  nameClass,
  SUPPORT_CLASSES,
} from '../../worker/tools/claims/support-model.js';
import { alignFolder } from './align-folder.js';
import { citedPapers, LABELS, readClaimsFolder } from './claims-folder.js';
import { scoreClasses } from './class-scores.js';

describe('readClaimsFolder', () => {
  it('reads labels and passages, and takes a claim without evidence for NEI', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'claims-'));
    const rows = [
      { id: 1, claim: 'A.', cited_doc_ids: [31_002], evidence: { 31002: [{ sentences: [0], label: 'SUPPORT' }] } },
      { id: 2, claim: 'B.', cited_doc_ids: [31_003], evidence: { 31003: [{ sentences: [0], label: 'REFUTE' }] } },
      { id: 3, claim: 'C.', cited_doc_ids: [40_000], evidence: {} },
    ];
    await writeFile(path.join(folder, 'claims_dev.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    await writeFile(
      path.join(folder, 'corpus.jsonl'),
      '{"doc_id": 31002, "title": "", "abstract": ["One.", "Two."]}\n',
    );
    const read = readClaimsFolder(folder, 'dev');
    expect(read?.claims.map(({ label }) => label)).toEqual(['SUPPORT', 'REFUTE', 'NEI']);
    expect(read?.passages.get('31002')).toEqual(['One.', 'Two.']);
    expect(read && citedPapers(read)).toEqual(['31', '31', '40']);
    expect(readClaimsFolder(folder, 'test')).toBeUndefined();
  });
});

describe('scoreClasses', () => {
  it('counts each class the same, however rare', () => {
    const { macroF1, classes } = scoreClasses(['a', 'b'], ['a', 'a', 'a', 'b'], ['a', 'a', 'a', 'a']);
    expect(classes.map(({ f1 }) => f1)).toEqual([6 / 7, 0]);
    expect(macroF1).toBeCloseTo(3 / 7, 9);
  });
});

describe('loadSupportModel', () => {
  it('refuses weights that were fitted to other features', () => {
    expect(() => loadSupportModel([...SUPPORT_FEATURE_NAMES].reverse())).toThrow('fit:claims');
  });
});

const data = path.join(process.env.PAPERWRIGHT_DATA ?? path.resolve('../shared/data'), 'claims');

describe.skipIf(!existsSync(data))(
  'on real citations (set PAPERWRIGHT_DATA to a folder with claims/ to run it)',
  () => {
    it('agrees with people on papers the weights were not fitted to, better than plain overlap does', () => {
      const folder = readClaimsFolder(data, 'dev');
      const model = loadSupportModel(SUPPORT_FEATURE_NAMES);
      const gold = folder?.claims.map(({ label }) => LABELS[label]) ?? [];
      const said = folder
        ? alignFolder(folder).map(({ features }) => nameClass(classProbabilities(model, features), model.offsets))
        : [];
      expect(scoreClasses(SUPPORT_CLASSES, gold, said).macroF1).toBeGreaterThan(0.53); // plain overlap: 0.50
    });
  },
);
