/**
 * English function words that carry no topic. Kept short on purpose: a word dropped here can never be found again, while
 * a frequent word that stays is held down by its own inverse document frequency. Negations ("no", "not", "without")
 * stay: in evidence they turn a sentence round.
 */
const WORDS = `
  a about all also am an and any are as at be because been being both but by can could did do does doing each either
  for from had has have having he her here hers him his how i if in into is it its itself just may me might more most
  must my of on only or other our ours over own same shall she should so some such than that the their theirs them then
  there these they this those through to too under until up upon us very was we were what when where whether which while
  who whom whose why will with would you your yours s t
`;

export const STOP_WORDS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));
