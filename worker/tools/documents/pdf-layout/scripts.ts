/**
 * Raised and lowered figures and letters as Unicode has them, so that what they mean survives without the setting: "10" and
 * a raised "6" must not read as 106, nor a name and its mark "a" as another name.
 */
import type { PdfRun } from '../pdf-page.js';

export const SMALLER = 0.85; // scripts are set at 60–75 % of the font size
const RAISED = 0.2; // of the font size
const LOWERED = 0.08;

const pairs = (plain: string, set: string): Record<string, string> =>
  Object.fromEntries([...plain].map((char, index) => [char, [...set][index] ?? char]));

const SUPERSCRIPT = pairs('0123456789+-−=()n', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ');
const SUBSCRIPT = pairs('0123456789+-−=()', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎');
const RAISED_LETTERS = pairs('abcdefghijklmnoprstuvwxyz', 'ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ'); // there is none for q

const FIGURES = /^[\d+\-−–=(),.;\s*n]+$/;
const LETTER_MARKS = /^(?:[a-z](?![a-z])|[\d,;.\s*∗⁎†‡§¶‖#])+$/; // "a,b,1": letters of affiliations, one each

/** The run's text; `main` is what most of its line is set in. A script that is a word ("th", "max") stays as it is. */
export function scripted(run: PdfRun, main: PdfRun): string {
  if (run.size >= SMALLER * main.size) return run.text;
  const rise = (run.y - main.y) / main.size;
  if (rise > RAISED) {
    if (FIGURES.test(run.text)) return transposed(run.text, SUPERSCRIPT);
    return LETTER_MARKS.test(run.text) ? transposed(run.text, { ...SUPERSCRIPT, ...RAISED_LETTERS }) : run.text;
  }
  return rise < -LOWERED && FIGURES.test(run.text) ? transposed(run.text, SUBSCRIPT) : run.text;
}

const transposed = (text: string, table: Record<string, string>): string =>
  [...text].map((char) => table[char] ?? char).join('');
