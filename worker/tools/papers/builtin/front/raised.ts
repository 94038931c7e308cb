/** Raised figures and letters: the keys that names and affiliations are tied by. */

const FIGURES = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const LETTERS = 'ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ';
const PLAIN = '0123456789abcdefghijklmnoprstuvwxyz'; // there is no raised q

/** One of them, for a pattern with the flag u. */
export const RAISED = `[${FIGURES}${LETTERS}]`;
const ONE = new RegExp(RAISED, 'gu');

export const plainFigures = (text: string): string =>
  text.replace(ONE, (char) => PLAIN.charAt((FIGURES + LETTERS).indexOf(char)));
