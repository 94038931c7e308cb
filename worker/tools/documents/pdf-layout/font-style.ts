/** Weight and slant, as far as a font's name tells: foundries write them out or abbreviate, TeX has names of its own. */
import type { PdfFont } from '../pdf-page.js';

export interface FontStyle {
  bold: boolean;
  italic: boolean;
  isCode: boolean; // fixed pitch
  isMath: boolean; // symbols, and the letters of formulas
}

const BOLD =
  /bold|black|heavy|semibold|demi|-medi|medi(?:um)?(?:ital|obli)?$|[.\-_]b(?:i|d|o)?$|^(?:cm|ec|sf|lm)\w{0,4}b(?:x|f)?\w{0,4}\d|cmb\d/i;
const ITALIC = /ital|obli|slant|kursiv|[.\-_]b?i$|-it$|^(?:cm|ec|sf|lm)(?:ti|sl|mi|bxti|u)\w*\d/i;
const CODE =
  /courier|mono(?!type)|consol|typewriter|inconsolata|cmtt|sftt|ectt|lmtt|cmsltt|menlo|^hack\b|^nimbusmon|[^a-z]code\b/i;
const MATH =
  /^(?:cm|lm)(?:mi|sy|ex|mib|bsy)\w*\d|math|symbol|^(?:ms[ab]m|eu[fsr][mb]|mt(?:mi|sy|ex)|rmtmi|stmary|wasy|txsy|pxsy)/i;
const UPRIGHT: FontStyle = { bold: false, italic: false, isCode: false, isMath: false };

export const styleOf = ({ name }: PdfFont): FontStyle => ({
  bold: BOLD.test(name),
  italic: ITALIC.test(name),
  isCode: CODE.test(name),
  isMath: MATH.test(name),
});

/** A lookup by font id; an unknown one is upright. */
export function fontStyles(fonts: readonly PdfFont[]): (id: string) => FontStyle {
  const styles = new Map(fonts.map((font) => [font.id, styleOf(font)]));
  return (id) => styles.get(id) ?? UPRIGHT;
}
