/** The level of a heading by its number, heading after heading: "3.1" is 2; "B." is 2 below Roman numerals and 1 else. */

const ROMAN = /^[IVXL]+$/;

export function headingLevels(): (number: string) => number {
  let romans = 0; // headings with Roman numerals so far: the next is expected to count on
  return (number) => {
    const parts = number.split(/[.\s]+/).filter(Boolean);
    const first = parts[0] ?? '';
    if (parts.length > 1) return parts.length;
    if (ROMAN.test(first) && romanValue(first) === romans + 1) {
      romans += 1;
      return 1;
    }
    return romans > 0 && /^[A-Z]\)?$/.test(first) ? 2 : 1;
  };
}

const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50 };

/** A smaller numeral before a greater one is taken from it. */
function romanValue(roman: string): number {
  const values = Array.from(roman, (letter) => VALUES[letter] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}
