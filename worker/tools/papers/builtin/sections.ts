/** The section tree: headings with level and role, and the text that stands under each. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { PaperSection } from '../../../../src/papers/structured-paper.js';
import { sectionRoles } from '../structure/section-role.js';
import type { FrontMatter } from './front-matter.js';
import type { Assessment, PaperSource } from './paper-source.js';
import { assessSections } from './sections/assess-sections.js';
import { findHeadings, reviewsStart, type SectionHeading } from './sections/find-headings.js';
import { sectionText } from './sections/section-text.js';

export interface Sections extends Assessment {
  sections: PaperSection[];
}

export function readSections(source: PaperSource, _front: FrontMatter): Sections {
  const headings = withLevels(findHeadings(source));
  const roles = sectionRoles(
    headings.map(({ text, level, isAppendix }) => ({ heading: isAppendix ? `Appendix: ${text}` : text, level })),
  );
  const sections = headings.map((heading, index): PaperSection => {
    const { text, level, startOffset, endOffset, paragraph } = heading;
    return {
      heading: text,
      level,
      role: roles[index] ?? 'OTHER',
      text: textUnder(source, heading, paragraph),
      ...placeOf(source.lines, startOffset, endOffset),
    };
  });
  return { sections, ...assessSections(source, sections, headings) };
}

/** Up to the next heading of any kind: a section does not hold the text of what was taken for no section. */
function textUnder({ layout, ...source }: PaperSource, heading: SectionHeading, at: number): string {
  const isRunIn = layout.paragraphs[at]?.role !== 'HEADING';
  const next = layout.paragraphs.findIndex(
    ({ role, leadIn }, index) => index > at && (role === 'HEADING' || (isRunIn && leadIn !== undefined)),
  );
  const end = Math.min(next < 0 ? layout.paragraphs.length : next, reviewsStart({ layout, ...source }));
  return sectionText({ layout, ...source }, isRunIn ? at : at + 1, end, isRunIn ? heading.text : '');
}

/** The highest level is 1, and none opens more than one level at once; headings set alike keep one level under a parent. */
function withLevels(headings: readonly SectionHeading[]): SectionHeading[] {
  const open: number[] = [];
  return headings.map((heading) => {
    while ((open.at(-1) ?? 0) >= heading.level) open.pop();
    open.push(heading.level);
    return { ...heading, level: open.length };
  });
}
