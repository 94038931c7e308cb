/**
 * Puts the draft and what the factcheck found together: the report as it is rendered. Adds nothing about the subject:
 * verdicts, sources that speak against a claim, a section on where sources disagree, and, among the stated limits, how
 * often they do, which of them were retracted and what could not be read of them.
 */

import type { FactCheck } from './check-facts.js';
import type { Draft, DraftSentence } from './draft-shape.js';
import type { PinnedSource } from './evidence-snippet.js';
import { findContradictions } from './find-contradictions.js';
import type {
  Contradiction,
  FinishedClaim,
  FinishedReport,
  FinishedSection,
  FinishedSource,
} from './finished-report.js';
import {
  CONTRADICTIONS_HEADING,
  contradictionsLead,
  disagreementSentence,
  standingSentences,
  unreadSentences,
} from './prose.js';
import { chartReport } from './report-charts.js';

/** Both gates must have passed: a claim without a check is an error of the program. */
export function finishReport(draft: Draft, check: FactCheck, pinned: readonly PinnedSource[]): FinishedReport {
  const sources: FinishedSource[] = draft.sources.map((source, index) => ({
    ...source,
    ...about(source.sourceId, pinned),
    number: index + 1,
  }));
  const numberOf = (sourceId: string): number => {
    const known = sources.find((source) => source.sourceId === sourceId);
    if (known) return known.number;
    const source = pinned.find((candidate) => candidate.sourceId === sourceId);
    if (!source) throw new Error(`source ${sourceId} was never pinned`);
    return sources.push({ ...source, number: sources.length + 1 });
  };
  const claims = draft.claims.map((claim): FinishedClaim => {
    const checked = check.claims.find((candidate) => candidate.key === claim.key);
    if (!checked) throw new Error(`claim ${claim.key} was never checked`);
    return {
      key: claim.key,
      section: sectionOf(draft, claim.key),
      text: claim.text,
      citations: claim.citations,
      verdict: checked.verdict,
      confidence: checked.confidence,
      receipts: checked.receipts.map((receipt) => ({ ...receipt, number: numberOf(receipt.sourceId) })),
    };
  });
  const contradictions = findContradictions(claims);
  const sections = draft.sections.flatMap((section) =>
    section.role === 'LIMITS'
      ? [...contradictionsSection(contradictions), withFindings(section, claims, sources)]
      : [section],
  );
  return {
    title: draft.title,
    question: draft.question,
    sections,
    claims,
    sources,
    abbreviations: draft.abbreviations.map(({ receipt, ...words }) => ({
      ...words,
      receipt: { ...receipt, verified: true, number: numberOf(receipt.sourceId) }, // the gate has found it
    })),
    contradictions,
    charts: chartReport({ sections, claims, sources }),
    facets: draft.facets,
    uncoveredTerms: draft.uncoveredTerms,
  };
}

/** What was pinned of a source beyond what the gates compare. */
function about(
  sourceId: string,
  pinned: readonly PinnedSource[],
): Pick<PinnedSource, 'published' | 'unread' | 'standing'> {
  const { published, unread, standing } = pinned.find((source) => source.sourceId === sourceId) ?? {};
  return { ...(published && { published }), ...(unread && { unread }), ...(standing && { standing }) };
}

const prose = (text: string): DraftSentence => ({ kind: 'PROSE', text });

const contradictionsSection = (contradictions: readonly Contradiction[]): FinishedSection[] =>
  contradictions.length === 0
    ? []
    : [
        {
          heading: CONTRADICTIONS_HEADING,
          role: 'CONTRADICTIONS',
          facet: null,
          paragraphs: [[prose(contradictionsLead(contradictions.length))]],
        },
      ];

function withFindings(
  limits: FinishedSection,
  claims: readonly FinishedClaim[],
  sources: readonly FinishedSource[],
): FinishedSection {
  const disputed = claims.filter((claim) => claim.verdict === 'MIXED' || claim.verdict === 'REFUTED').length;
  const [last, ...rest] = limits.paragraphs.flat().reverse();
  const found = [
    ...standingSentences(sources).map(prose),
    ...(disputed > 0 ? [prose(disagreementSentence(disputed))] : []),
    ...rest.reverse(),
    ...unreadSentences(sources).map(prose),
    ...(last ? [last] : []), // what the report is by its nature closes it
  ];
  return { ...limits, paragraphs: found.map((sentence) => [sentence]) }; // each stands by itself: they are read as a list
}

const sectionOf = (draft: Draft, key: string): string =>
  draft.sections.find((section) =>
    section.paragraphs.flat().some((sentence) => sentence.kind === 'CLAIM' && sentence.claim === key),
  )?.heading ?? '';
