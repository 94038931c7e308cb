/**
 * Which full stops end a word rather than a sentence. Scholarly English: citations, figures, equations, Latin, titles,
 * initials. Lists, not statistics: a reader of a wrong split can find the rule that caused it.
 */

/** Always followed by what they belong to, so never the end. */
const OPEN = new Set(
  `e.g i.e cf vs viz fig figs eq eqs eqn eqns ref refs sec secs sect sects tab tabs ch chap vol vols no nos pp pg p
   art ed eds thm lem prop def defn cor alg app suppl dr mr mrs ms prof rev gen sen rep gov lt col capt st sgt mt ft
   ca approx resp incl excl esp est spp sp var subsp dept univ assoc bros jan feb mar apr jun jul aug sept sep oct nov
   dec max min avg std`
    .trim()
    .split(/\s+/),
);

/** Of those, the ones that are also ordinary words: an abbreviation only before a number. */
const OPEN_BEFORE_NUMBER = new Set(
  'no nos p pg art def app var max min avg ref tab ch sec alg cor prop est mar jun jul sep dec ed st gen rep col sp std'.split(
    ' ',
  ),
);

/** May end a sentence; then what follows must look like the start of one. */
const EITHER = new Set('al etc inc ltd co corp jr sr u.s u.k u.n e.u a.m p.m ph.d m.d b.sc m.sc d.c et'.split(' '));

/** Words that open sentences and hardly ever follow an abbreviation inside one. */
const OPENERS = new Set(
  `a after all although an and another any are as at because before both but by can consequently despite do does due
   during each even every few finally first for from furthermore given hence here how however i if in indeed instead is
   it its later let many more moreover most nevertheless no none nonetheless not note now of on once one only other our
   overall part perhaps second several she he similarly since so some still such than that the their then there therefore
   these they third this those though through thus to two under unlike until using was we were what when whereas where
   whether which while who why with without yet you`
    .trim()
    .split(/\s+/),
);

/**
 * `before`: the text up to, not including, the full stop. `rest`: what follows it, without leading white space, beginning
 * with anything but a small letter. True when the full stop belongs to the word before it.
 */
export function endsInAbbreviation(before: string, rest: string): boolean {
  const word = /(?:^|[\s([{"'“‘/~–—-])((?:\p{L}+\.)*\p{L}+)$/u.exec(before)?.[1];
  const opensSentence = OPENERS.has(/^["“‘'(]*(\p{L}+)/u.exec(rest)?.[1]?.toLowerCase() ?? '');
  if (word === undefined) return isEnumerator(before);
  const lower = word.toLowerCase();
  if (/^spp?$/u.test(lower) && /^\p{Lu}(?!\p{L})/u.test(rest)) return true; // "L. sp. D predates": a species without a name yet
  if (OPEN_BEFORE_NUMBER.has(lower))
    return /^[[(]?\d/.test(rest) || (/^\p{Lu}/u.test(word) && !opensSentence && isTitle(lower));
  if (OPEN.has(lower)) return true;
  if (EITHER.has(lower)) return !opensSentence;
  // An initial ("J. Smith", "J.-P.", "R.A. Fisher"): one capital, or several with stops between.
  if (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word)) return !opensSentence;
  return false;
}

const isTitle = (lower: string): boolean => ['st', 'gen', 'rep', 'col'].includes(lower);

/** "1. Introduction" or "2.3. Results" at the start of the unit: a number alone before the stop. */
const isEnumerator = (before: string): boolean => /^\s*\(?\d+(?:\.\d+)*$/.test(before);
