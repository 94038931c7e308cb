/**
 * `npm run -s bench:claims -- DIR [--split dev] [--out FILE.jsonl]`: how well the judgement of support agrees with people's
 * labels (SUPPORT, REFUTE, NEI) on a folder of citing sentences and cited passages. On the train split, from which the
 * weights are, the figures are of cross-validation by cited paper. `--out` writes {"id", "label"} a line.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Verdict } from '../../src/claims/verdict.js';
import { judgeSupport } from '../../worker/tools/claims/judge-support.js';
import { weighTerms } from '../../worker/tools/claims/match-terms.js';
import { readStatement } from '../../worker/tools/claims/read-statement.js';
import { SUPPORT_FEATURE_NAMES } from '../../worker/tools/claims/support-features.js';
import {
  classProbabilities,
  loadSupportModel,
  nameClass,
  SUPPORT_CLASSES,
} from '../../worker/tools/claims/support-model.js';
import { alignFolder } from './align-folder.js';
import { type ClaimsFolder, LABELS, readClaimsFolder } from './claims-folder.js';
import { scoreClasses } from './class-scores.js';
import { crossValidate } from './cross-validate.js';
import { meanScores, scoreTable } from './score-table.js';
import { SETTINGS } from './settings.js';

function main(): number {
  const { values, positionals } = parseArgs({
    options: { split: { type: 'string', default: 'dev' }, out: { type: 'string' } },
    allowPositionals: true,
  });
  const from = process.env.INIT_CWD ?? '.';
  const folder = positionals[0] && readClaimsFolder(path.resolve(from, positionals[0]), values.split);
  if (!folder) {
    console.error(`Name a folder with claims_${values.split}.jsonl and corpus.jsonl.`);
    return 1;
  }
  const model = loadSupportModel(SUPPORT_FEATURE_NAMES);
  const examples = alignFolder(folder);
  const gold = folder.claims.map(({ label }) => LABELS[label]);
  const said = examples.map(({ features }) => nameClass(classProbabilities(model, features), model.offsets));
  if (values.split === 'train') {
    const { scores } = crossValidate(examples, SUPPORT_FEATURE_NAMES, SETTINGS);
    console.log(scoreTable('train, cross-validated by cited paper', meanScores(scores)));
  } else {
    console.log(scoreTable(values.split, scoreClasses(SUPPORT_CLASSES, gold, said)));
    const support = gold.map(() => 'BEARS_OUT' as const);
    console.log(`\nalways SUPPORT: macro-F1 ${scoreClasses(SUPPORT_CLASSES, gold, support).macroF1.toFixed(3)}`);
  }
  if (values.split !== 'train') console.log(`\n${verdictTable(folder)}`);
  if (values.out) {
    const labels = Object.entries(LABELS);
    const lines = folder.claims.map(({ id }, index) => {
      const label = labels.find(([, name]) => name === said[index])?.[0];
      return `${JSON.stringify({ id, label })}\n`;
    });
    writeFileSync(path.resolve(from, values.out), lines.join(''));
  }
  return 0;
}

/** What the product says of the same claims: it names fewer, and vetoes. Each sentence of the passages is weighed as above. */
function verdictTable({ claims, passages }: ClaimsFolder): string {
  const weight = weighTerms([...passages.values()].flat().map(readStatement));
  const judged = claims.map(({ text, documents, label }) => ({
    label,
    verdict: judgeSupport(
      text,
      documents.flatMap((document) => passages.get(document) ?? []),
      weight,
    ).verdict,
  }));
  const labels = Object.keys(LABELS);
  const rows = Object.keys(Verdict).map((verdict) => [
    verdict,
    ...labels.map((label) => judged.filter((each) => each.label === label && each.verdict === verdict).length),
  ]);
  return [['verdict of the product', ...labels], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

process.exit(main());
