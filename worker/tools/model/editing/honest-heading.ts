/**
 * A heading a model has proposed, or null when it may not stand. Headings carry no receipt, so one may only name what its
 * sentences speak of: its words are theirs or the question's, and none of them counts, negates, bounds or compares.
 */
import { tokenize } from '../../../../src/evidence/tokenize.js';
import { cleanHeading } from '../../writer/label-group.js';
import { DIRECTIONS } from '../../writer/wording.js';
import { guardWords, words } from '../../writer/words.js';

const COMPARING = new Set(DIRECTIONS.flat());

/** The heading as it is printed. */
export function honestHeading(raw: string, sentences: readonly string[], question: string): string | null {
  const heading = cleanHeading(raw);
  if (heading === undefined || /\d/u.test(heading)) return null;
  const list = words(heading);
  if (guardWords(list).length > 0 || list.some((word) => COMPARING.has(word.text))) return null;
  const known = new Set([question, ...sentences].flatMap((text) => tokenize(text)));
  return tokenize(heading).every((term) => known.has(term)) ? heading : null;
}
