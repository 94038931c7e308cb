/** How sure the section tree is, from what can be counted in it; and what a reader should know of its text. */
import type { PaperSection, PaperUncertainty } from '../../../../../src/papers/structured-paper.js';
import type { Assessment, PaperSource } from '../paper-source.js';
import type { SectionHeading } from './section-heading.js';

const MANY_PAGES = 3; // a paper as long has sections

export function assessSections(
  source: PaperSource,
  sections: readonly PaperSection[],
  headings: readonly SectionHeading[],
): Assessment {
  const uncertainties = [...garbledPages(source), ...missingFiles(source)];
  if (sections.length === 0) {
    const isShort = source.layout.pages.length > 0 && source.layout.pages.length < MANY_PAGES;
    uncertainties.push({
      code: 'NO_SECTIONS_FOUND',
      message: `No headings were found${isShort ? '; the paper may have none' : ''}: its text is not divided. Read it page by page.`,
      page: null,
    });
    const basis = isShort ? `no headings on ${source.layout.pages.length} pages` : 'no headings';
    return { confidence: [{ field: 'sections', score: isShort ? 0.4 : 0.05, basis }], uncertainties };
  }
  return { confidence: [{ field: 'sections', ...certainty(source, sections, headings) }], uncertainties };
}

interface Certainty {
  score: number;
  basis: string;
}

function certainty(
  source: PaperSource,
  sections: readonly PaperSection[],
  headings: readonly SectionHeading[],
): Certainty {
  if (source.layout.pages.length === 0)
    return { score: 0.95, basis: `${counted(sections.length, 'heading')} marked up` };
  const named = sections.filter(({ role }) => role !== 'OTHER').length;
  const numbered = sections.filter(({ heading }) => /^(?:\d|[IVX]+\.|[A-H]\.)/.test(heading)).length;
  const settings = new Map<string, number>();
  for (const { setting } of headings) settings.set(setting, (settings.get(setting) ?? 0) + 1);
  const shared = headings.filter(({ setting }) => (settings.get(setting) ?? 0) > 1).length;
  const withText = sections.filter(({ text }) => text !== '').length;
  const total = sections.length;
  const score =
    0.45 +
    0.2 * (shared / total) +
    0.15 * (named / total) +
    0.1 * Math.min(1, (numbered / total) * 1.25) +
    0.1 * (withText / total) +
    (total >= 3 ? 0 : -0.25);
  const facts = [
    counted(total, 'heading'),
    `${shared} set like another`,
    `${numbered} numbered`,
    `${named} of a known kind`,
    `${withText} with text`,
  ];
  return { score: Math.round(Math.max(0.1, Math.min(0.98, score)) * 100) / 100, basis: facts.join(', ') };
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const garbledPages = ({ layout }: PaperSource): PaperUncertainty[] =>
  layout.pages
    .filter(({ isGarbled }) => isGarbled)
    .map(({ number }) => ({
      code: 'GARBLED_TEXT',
      message: `The characters of page ${number} make no words: its fonts do not say which letters they draw. Look at the page itself, or have its image recognised (OCR).`,
      page: number,
    }));

function missingFiles({ layout }: PaperSource): PaperUncertainty[] {
  const names = layout.missingFiles ?? [];
  if (names.length === 0) return [];
  const message = `The source includes files that were not sent with it (${names.slice(0, 5).join(', ')}): what stands in them is not here. Send one file with everything in it, or the PDF.`;
  return [{ code: 'TEXT_CUT', message, page: null }];
}
