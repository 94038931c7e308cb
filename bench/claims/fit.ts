/**
 * `npm run fit:claims -- DIR`: fits worker/tools/claims/support-model.json to claims_train.jsonl of a folder and prints what
 * cross-validation by cited paper promises. The settings were chosen by that figure; no other split is read.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SUPPORT_FEATURE_NAMES, SUPPORT_FEATURES } from '../../worker/tools/claims/support-features.js';
import type { SupportModel } from '../../worker/tools/claims/support-model.js';
import { alignFolder } from './align-folder.js';
import { readClaimsFolder } from './claims-folder.js';
import { crossValidate } from './cross-validate.js';
import { fitTrees } from './fit-trees.js';
import { meanScores, scoreTable } from './score-table.js';
import { SETTINGS } from './settings.js';

const TARGET = 'worker/tools/claims/support-model.json'; // under the checkout, which is where npm runs this

function main(): number {
  const from = process.env.INIT_CWD ?? '.';
  const folder = process.argv[2] && readClaimsFolder(path.resolve(from, process.argv[2]), 'train');
  if (!folder) {
    console.error('Name a folder with claims_train.jsonl and corpus.jsonl.');
    return 1;
  }
  const examples = alignFolder(folder);
  const papers = new Set(examples.map(({ group }) => group)).size;
  console.log(`${examples.length} claims on ${papers} cited papers\n`);
  const { scores, offsets } = crossValidate(examples, SUPPORT_FEATURE_NAMES, SETTINGS);
  console.log(scoreTable('train, cross-validated by cited paper', meanScores(scores)));
  const { prior, rounds } = fitTrees(examples, SUPPORT_FEATURE_NAMES, SETTINGS);
  writeFileSync(TARGET, serialise({ about: ABOUT, features: SUPPORT_FEATURE_NAMES, prior, offsets, rounds }));
  console.log(`\n${TARGET} written: ${rounds.length} rounds of three trees.`);
  return 0;
}

const ABOUT = [
  'Made by "npm run fit:claims -- DIR"; not to be edited by hand. docs/claims.md says what it is worth.',
  'Each round has a tree for BEARS_OUT, FALLS_SHORT and UNRELATED: root asks "feature <= threshold?", then left (of yes) or right (of no); leaves: yes-yes, yes-no, no-yes, no-no.',
  'A class scores its prior and the leaves of its trees; softmax makes probabilities; offsets are added to their logarithms to name one class.',
  ...Object.entries(SUPPORT_FEATURES).map(([name, meaning]) => `${name}: ${meaning}`),
];

/** A line a round. */
function serialise({ about, features, prior, offsets, rounds }: SupportModel): string {
  const lines = about.map((line) => `    ${JSON.stringify(line)}`).join(',\n');
  const trees = rounds.map((round) => `    ${JSON.stringify(round)}`).join(',\n');
  return `{
  "about": [
${lines}
  ],
  "features": ${JSON.stringify(features)},
  "prior": ${JSON.stringify(prior)},
  "offsets": ${JSON.stringify(offsets)},
  "rounds": [
${trees}
  ]
}
`;
}

process.exit(main());
