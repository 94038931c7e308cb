/** The section tree: headings with level and role, and the text that stands under each. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { PaperSection } from '../../../../src/papers/structured-paper.js';
import type { FrontMatter } from './front-matter.js';
import type { Assessment, PaperSource } from './paper-source.js';

export interface Sections extends Assessment {
  sections: PaperSection[];
}

export function readSections(source: PaperSource, _front: FrontMatter): Sections {
  const sections = source.headings.map(
    ({ title, level, startOffset, endOffset }): PaperSection => ({
      heading: title,
      level,
      role: 'OTHER',
      text: '',
      ...placeOf(source.lines, startOffset, endOffset),
    }),
  );
  return { sections, confidence: [], uncertainties: [] };
}
