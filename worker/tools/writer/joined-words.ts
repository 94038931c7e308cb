/**
 * Words as the question spells them. "Health care" and "healthcare" are one word in two spellings: a sentence that writes it
 * otherwise speaks of it as well. A name is no other word of its stem: the Transformer is in no Lorentz transformation.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import type { Candidate } from './read-candidates.js';

const MIN_PART_CHARS = 3;
/** With a capital in the midst of a sentence. */
const NAME = /(?<=\p{Ll},? )(\p{Lu}\p{Ll}{3,})(?!\p{L})/gu;
const MIN_WHOLE_CHARS = 8; // a shorter word falls apart by accident: "not able" is no notable thing

/** The candidates, each with the question's spelling among its terms where it has the other. */
export function readAsSpelt(question: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const list = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  const joined = list.slice(1).flatMap((word, index): [string, string[]][] => {
    const before = list[index] ?? '';
    const whole = tokenize(before + word);
    const parts = tokenize(`${before} ${word}`);
    return before.length >= MIN_PART_CHARS && word.length >= MIN_PART_CHARS && whole[0] && parts.length === 2
      ? [[whole[0], parts]]
      : [];
  });
  const parted = list.flatMap((word): [RegExp, string][] => {
    const [stem] = tokenize(word);
    const splits = Array.from({ length: Math.max(0, word.length - 2 * MIN_PART_CHARS + 1) }, (_, index) => {
      const at = index + MIN_PART_CHARS;
      return `${word.slice(0, at)}[ -]${word.slice(at)}`;
    });
    return word.length >= MIN_WHOLE_CHARS && stem ? [[new RegExp(`\\b(?:${splits.join('|')})`, 'iu'), stem]] : [];
  });
  const names = Array.from(question.matchAll(NAME)).flatMap(([, name = '']): [RegExp, string][] => {
    const [stem] = tokenize(name);
    return stem && stem !== name.toLowerCase()
      ? [[new RegExp(`(?<!\\p{L})${name}(?:e?s|['’]s)?(?!\\p{L})`, 'iu'), stem]]
      : [];
  });
  const spelt = (bag: ReadonlySet<string>, text: string, own = bag): ReadonlySet<string> => {
    const more = [
      ...joined.flatMap(([whole, parts]) => (bag.has(whole) ? parts : [])),
      ...parted.flatMap(([pattern, stem]) => (!bag.has(stem) && pattern.test(text) ? [stem] : [])),
    ];
    const others = names.filter(([pattern, stem]) => own.has(stem) && !pattern.test(text)).map(([, stem]) => stem);
    if (more.length + others.length === 0) return bag;
    return new Set([...bag, ...more].filter((stem) => !others.includes(stem)));
  };
  return candidates.map((candidate) => ({
    ...candidate,
    spoken: spelt(candidate.spoken, candidate.text, candidate.terms),
    headingTerms: spelt(candidate.headingTerms, candidate.snippet.heading ?? ''),
    titleTerms: spelt(candidate.titleTerms, candidate.snippet.sourceTitle),
  }));
}
