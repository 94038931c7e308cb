/**
 * How deep each heading is: as its number says, else by the rank of its style: size first, then weight, capitals and
 * slant. Sections that every paper has ("Methods") are at the top, in whatever style they are set.
 */
import { hasRomanNumber, isCapitals, numberDepth } from './heading-shape.js';

export interface StyledHeading {
  index: number; // of its block
  text: string;
  style: string; // headings with the same are set alike
  size: number; // points
  bold: boolean;
  italic: boolean;
  known: boolean; // its name is a known one
}

interface Style {
  rank: number;
  depths: number[]; // as the numbers of its headings say
  tops: number; // headings that are at the top in every paper
}

const MAX_LEVEL = 4;
const TOP =
  /^(?:abstract|introduction|background|(?:materials? and )?methods?|results?(?: and discussion)?|discussion|conclusions?|references|acknowledge?ments?|bibliography)\b/i;

/** Levels by block index; 1 is top. */
export function levelsOf(headings: readonly StyledHeading[]): Map<number, number> {
  const isRoman = headings.filter(({ text }) => hasRomanNumber(text)).length > 1;
  const byStyle = new Map<string, Style>();
  for (const heading of headings) {
    const style = byStyle.get(heading.style) ?? { rank: rankOf(heading), depths: [], tops: 0 };
    const depth = numberDepth(heading.text, isRoman);
    if (depth !== undefined) style.depths.push(depth);
    else if (heading.known && TOP.test(heading.text)) style.tops += 1;
    byStyle.set(heading.style, style);
  }
  const levels = levelsOfStyles([...byStyle]);
  return new Map(
    headings.map(({ index, style, text }) => [index, numberDepth(text, isRoman) ?? levels.get(style) ?? 1]),
  );
}

function levelsOfStyles(byStyle: [string, Style][]): Map<string, number> {
  const styles = byStyle.sort(([, a], [, b]) => b.rank - a.rank || b.tops - a.tops);
  const top = styles.find(([, { tops, depths }]) => tops > 0 || depths.includes(1))?.[1].rank ?? Infinity;
  const levels = new Map<string, number>();
  let level = 0;
  let lastRank = Infinity;
  let hadTops = false; // the style before sets headings of the top: in the same size a step below
  for (const [name, { rank, depths, tops }] of styles) {
    const isLower = rank < lastRank || hadTops;
    const depth = median(depths);
    if (depth !== undefined) level = depth;
    else if (tops > 0 || rank > top || level === 0) level = 1;
    else if (isLower) level += 1;
    lastRank = rank;
    hadTops = tops > 0;
    levels.set(name, Math.min(level, MAX_LEVEL));
  }
  return levels;
}

const rankOf = ({ text, size, bold, italic }: StyledHeading): number =>
  Math.round(size * 2) * 10 + (bold ? 4 : 0) + (isCapitals(text) ? 3 : 0) - (italic ? 1 : 0);

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
