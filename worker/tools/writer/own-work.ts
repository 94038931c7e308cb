/**
 * What a source has made itself and gives a name: "Mistral 7B", "TIMP: An R package", "We propose the Transformer". Praise of
 * it by its own makers is no finding of anybody else, so it is quoted with the name of who says it.
 */

const WORD = '(?:\\p{Lu}[\\p{L}\\p{N}-]*|\\p{N}+\\p{Lu})';
const INTRODUCED = new RegExp(
  `\\b(?:[Ww]e|paper|article|work) (?:\\p{Ll}+ )?(?:propose|introduce|present|describe|develop|release|call)(?:s|d|ed)?\\b[^.;]{0,90}?(?<!^)(?<![.?!] )\\b(${WORD}(?: ${WORD}){0,2})`,
  'gu',
);
/** Letters of which one inside is a capital, or a digit: "PyQInt", "nwb4edu", "7B". */
const COINED = /^(?=.*\p{L})(?:\p{L}+(?:\p{Lu}|\p{N})[\p{L}\p{N}]*|\p{N}+\p{Lu})$/u;
const MAX_NAME_WORDS = 3;

/** As printed. `texts` are what was read of the source. */
export function ownNames(title: string, texts: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const head = (title.includes(':') ? title.slice(0, title.indexOf(':')) : title).trim();
  const list = head.split(/\s+/u);
  if (list.length <= MAX_NAME_WORDS && list.some((word) => COINED.test(word))) names.add(head);
  for (const text of texts) for (const [, name = ''] of text.matchAll(INTRODUCED)) if (name.length > 2) names.add(name);
  return names;
}

const PRAISE =
  /\b(?:efficient(?:ly)?|superior|outperform\w*|surpass\w*|powerful|eas(?:y|ily|ier)|flexible|novel|unique|state[- ]of[- ]the[- ]art|rigorous|accessible|intuitive|robust|faster|significant(?:ly)? (?:step|more|faster|better)|better|seamless\w*|comprehensive|user-friendly|high[- ]quality|ideal|excellent|more parallelization)\b/iu;
const CITES = /\([^()]*\b(?:19|20)\d\d[a-z]?\)|\[\d/u;

/** Begins with what its source has made, praises it and names nobody else who found it so. */
export function praisesOwnWork(sentence: string, names: ReadonlySet<string>): boolean {
  if (!PRAISE.test(sentence) || CITES.test(sentence)) return false;
  const plain = sentence.replace(/^(?:For|On|In|With) [^,]{3,60}, /u, '').replace(/^the /iu, '');
  return [...names].some((name) => plain.startsWith(name) && !/^[\p{L}\p{N}]/u.test(plain.slice(name.length)));
}
