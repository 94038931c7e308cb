/** What a service says about a work. It is testimony: the paper itself is read by the ingestion. */
import type { SourceNotice } from '../../../src/evidence/source.entity.js';

export interface WorkFacts {
  title: string | null; // one line, without markup
  authors: string[]; // "Ada Lovelace", in the order of the paper
  year: number | null;
  doi: string | null; // normalised
  arxivId: string | null; // with the version, when a certain one was had
  url: string | null; // the page a person would open
  licenseUrl: string | null; // of the copy that is read here, as the service has it
  notices: WorkNotice[];
}

/** A correction, a retraction, a concern: one work says something about another. */
export interface WorkNotice {
  type: string; // as the service names it, lower case: retraction, correction, expression_of_concern, withdrawal …
  /** RECEIVED: this work was corrected or retracted. ISSUED: this work is itself the notice. */
  direction: 'RECEIVED' | 'ISSUED';
  doi: string | null; // of the other work, normalised
  date: string | null; // YYYY-MM-DD, or as much of it as is known
  source: string | null; // who says so: publisher, retraction-watch
}

/** https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/registering-updates */
const TAKEN_BACK = new Set(['retraction', 'withdrawal', 'removal']);

export const isRetracted = ({ notices }: Pick<WorkFacts, 'notices'>): boolean =>
  notices.some(({ type, direction }) => direction === 'RECEIVED' && TAKEN_BACK.has(type));

/** What is said against the work; what it says of others is none of it. */
export function standingOf(facts: Pick<WorkFacts, 'notices'>): { retracted: boolean; notices: SourceNotice[] } {
  const notices = facts.notices
    .filter(({ direction }) => direction === 'RECEIVED')
    .map(({ type, doi, date, source }) => ({ type, doi, date, source }));
  return { retracted: isRetracted(facts), notices };
}
