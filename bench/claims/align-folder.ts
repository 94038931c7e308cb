/** The features of every claim of a folder, words weighed by all sentences of its corpus. */

import { weighTerms } from '../../worker/tools/claims/match-terms.js';
import { readStatement } from '../../worker/tools/claims/read-statement.js';
import { alignClaim, readClaim } from '../../worker/tools/claims/support-features.js';
import { SUPPORT_CLASSES } from '../../worker/tools/claims/support-model.js';
import { type ClaimsFolder, citedPapers, LABELS } from './claims-folder.js';
import type { GroupedExample } from './cross-validate.js';

export function alignFolder(folder: ClaimsFolder): GroupedExample[] {
  const read = new Map(Array.from(folder.passages, ([id, sentences]) => [id, sentences.map(readStatement)]));
  const weight = weighTerms([...read.values()].flat());
  const papers = citedPapers(folder);
  return folder.claims.map(({ text, documents, label }, index) => ({
    features: alignClaim(
      readClaim(text),
      documents.flatMap((document) => read.get(document) ?? []),
      weight,
    ).features,
    label: SUPPORT_CLASSES.indexOf(LABELS[label]),
    group: papers[index] ?? '',
  }));
}
