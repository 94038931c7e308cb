/** The section tree: headings with level and role, and the text that stands under each. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { PaperSection } from '../../../../src/papers/structured-paper.js';
import { sectionRoles } from '../structure/section-role.js';
import type { SetApart } from './contents/set-apart.js';
import type { Assessment, PaperSource } from './paper-source.js';
import { assessSections } from './sections/assess-sections.js';
import { findHeadings, reviewsStart } from './sections/find-headings.js';
import type { SectionHeading } from './sections/section-heading.js';
import { sectionText } from './sections/section-text.js';

export interface Sections extends Assessment {
  sections: PaperSection[];
}

export function readSections(source: PaperSource, { starts }: Pick<SetApart, 'starts'>): Sections {
  const headings = withLevels(findHeadings(source).filter(({ startOffset }) => !starts.has(startOffset)));
  const roles = sectionRoles(
    headings.map(({ text, level, isAppendix }) => ({ heading: isAppendix ? `Appendix: ${text}` : text, level })),
  );
  const ends = endsOf(source, starts);
  const sections = headings.map((heading, index): PaperSection => {
    const { text, level, startOffset, endOffset, paragraph } = heading;
    const isRunIn = source.layout.paragraphs[paragraph]?.role !== 'HEADING';
    const end = (isRunIn ? ends.ofLeadIns : ends.ofSections)[paragraph] ?? paragraph + 1;
    return {
      heading: text,
      level,
      role: roles[index] ?? 'OTHER',
      text: sectionText(source, {
        from: isRunIn ? paragraph : paragraph + 1,
        to: end,
        leadIn: isRunIn ? text : '',
        starts,
      }),
      ...placeOf(source.lines, startOffset, endOffset),
    };
  });
  return { sections, ...assessSections(source, sections, headings) };
}

/**
 * By paragraph, the index of the next heading of any kind (for a heading that runs into its text: of the next such, too):
 * a section does not hold the text of what was taken for no section. A heading inside a table ends nothing.
 */
function endsOf(source: PaperSource, starts: ReadonlySet<number>): { ofSections: number[]; ofLeadIns: number[] } {
  const { paragraphs } = source.layout;
  const ofSections: number[] = [];
  const ofLeadIns: number[] = [];
  let heading = reviewsStart(source);
  let leadIn = heading;
  for (let index = paragraphs.length - 1; index >= 0; index--) {
    ofSections[index] = Math.max(heading, index + 1);
    ofLeadIns[index] = Math.max(leadIn, index + 1);
    const paragraph = paragraphs[index];
    if (paragraph && starts.has(paragraph.startOffset)) continue;
    if (paragraph?.role === 'HEADING' && index < heading) heading = leadIn = index;
    else if (paragraph?.leadIn !== undefined && index < leadIn) leadIn = index;
  }
  return { ofSections, ofLeadIns };
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
