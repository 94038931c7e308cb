/** What fonts leave behind in extracted text: ligatures, spacing accents, private and control characters. */

const LIGATURES: Record<string, string> = {
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'st',
  ﬆ: 'st',
};

/** TeX's older fonts set an accent and then its letter: "¨ o" for "ö". */
const SPACING_ACCENTS: Record<string, string> = {
  '¨': '\u0308',
  '´': '\u0301',
  '`': '\u0300',
  ˆ: '\u0302',
  '˜': '\u0303',
  '¸': '\u0327',
  ˇ: '\u030c',
};

export function cleanGlyphs(text: string): string {
  return text
    .replace(/[ﬀ-ﬆ]/g, (glyph) => LIGATURES[glyph] ?? glyph)
    .replace(/([¨´`ˆ˜¸ˇ]) ?(\p{L})/gu, (_, accent: string, letter: string) => {
      const base = letter === 'ı' ? 'i' : letter;
      const composed = `${base}${SPACING_ACCENTS[accent] ?? ''}`.normalize('NFC');
      return composed.length === 1 ? composed : `${accent}${letter}`;
    })
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\p{Cc}\p{Co}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ufffd]/gu, '')
    .normalize('NFC');
}
