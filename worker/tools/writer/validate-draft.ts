/**
 * The first gate: is the draft a well-formed report? Structure only, no judgement of meaning: every claim has a receipt
 * inside a snippet that was pinned, every citation leads to the source it names, nothing is empty, doubled or too long,
 * and no sentence asserts something without being a claim. Issues are returned, never thrown; one issue stops the run.
 */
import type { Draft, DraftAbbreviation, DraftClaim } from './draft-shape.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { isOwnProse } from './prose.js';

export const VALIDATION_LIMITS = {
  claims: { min: 2, max: 60 },
  sections: { min: 2, max: 12 }, // the short answer and the limits among them
  claimChars: 480, // the longest quotable sentence and its attribution
  receiptsPerClaim: 8,
} as const;

export const ISSUE_CODES = [
  'NO_RECEIPT',
  'BAD_OFFSETS',
  'UNKNOWN_SNIPPET',
  'UNKNOWN_CLAIM',
  'UNUSED_CLAIM',
  'DUPLICATE',
  'BAD_CITATION',
  'EMPTY_SECTION',
  'UNMARKED_CLAIM',
  'OVER_LIMIT',
] as const;

export interface ValidationIssue {
  code: (typeof ISSUE_CODES)[number];
  message: string;
  /** The sentence at fault, as printed; null when the fault is not one sentence's. */
  sentence: string | null;
}

/** Every structural fault of the draft; an empty list passes the gate. */
export function validateDraft(draft: Draft, snippets: readonly EvidenceSnippet[]): ValidationIssue[] {
  const bySnippet = new Map(snippets.map((snippet) => [snippet.snippetId, snippet]));
  return [
    ...draft.claims.flatMap((claim) => [...checkReceipts(claim, bySnippet), ...checkCitations(claim, draft)]),
    ...draft.abbreviations.flatMap((abbreviation) => checkAbbreviation(abbreviation, draft, bySnippet)),
    ...checkUse(draft),
    ...checkSections(draft),
    ...checkDuplicates(draft),
    ...checkLimits(draft),
  ];
}

const issue = (code: ValidationIssue['code'], message: string, sentence: string | null = null): ValidationIssue => ({
  code,
  message,
  sentence,
});

/** Its receipt is one of a source that is cited. */
function checkAbbreviation(
  { short, long, receipt }: DraftAbbreviation,
  { sources }: Draft,
  snippets: ReadonlyMap<string, EvidenceSnippet>,
): ValidationIssue[] {
  const text = `${short}: ${long}`;
  const cited = sources.some(({ sourceId }) => sourceId === receipt.sourceId);
  return [
    ...checkReceipts({ text, receipts: [receipt] }, snippets),
    ...(cited ? [] : [issue('BAD_CITATION', 'An abbreviation is explained by a source that is not cited.', text)]),
  ];
}

function checkReceipts(
  claim: Pick<DraftClaim, 'text' | 'receipts'>,
  snippets: ReadonlyMap<string, EvidenceSnippet>,
): ValidationIssue[] {
  if (claim.receipts.length === 0) return [issue('NO_RECEIPT', 'The claim stands on no receipt.', claim.text)];
  return claim.receipts.flatMap((receipt) => {
    const snippet = snippets.get(receipt.snippetId);
    if (!snippet || snippet.snapshotId !== receipt.snapshotId || snippet.sourceId !== receipt.sourceId) {
      return [
        issue(
          'UNKNOWN_SNIPPET',
          'A receipt names a snippet that was not pinned, or pins it to another source.',
          claim.text,
        ),
      ];
    }
    const ordered = receipt.startOffset >= 0 && receipt.startOffset < receipt.endOffset;
    const inside = receipt.startOffset >= snippet.startOffset && receipt.endOffset <= snippet.endOffset;
    const measured = Buffer.byteLength(receipt.quote) === receipt.endOffset - receipt.startOffset;
    return ordered && inside && measured
      ? []
      : [
          issue(
            'BAD_OFFSETS',
            'A receipt points outside its snippet, or its quote has another length than its offsets.',
            claim.text,
          ),
        ];
  });
}

function checkCitations(claim: DraftClaim, draft: Draft): ValidationIssue[] {
  const cited = claim.citations.map((citation) => draft.sources[citation - 1]?.sourceId);
  const proven = [...new Set(claim.receipts.map((receipt) => receipt.sourceId))];
  const same = cited.length === proven.length && proven.every((sourceId, index) => cited[index] === sourceId);
  return same
    ? []
    : [issue('BAD_CITATION', 'The citations are not the sources of the receipts, in their order.', claim.text)];
}

function checkUse(draft: Draft): ValidationIssue[] {
  const printed = draft.sections.flatMap((section) => section.paragraphs.flat());
  const used = printed.flatMap((sentence) => (sentence.kind === 'CLAIM' ? [sentence.claim] : []));
  const known = new Map(draft.claims.map((claim) => [claim.key, claim]));
  const asked = [draft.question, ...draft.uncoveredTerms, ...draft.facets.map((facet) => facet.text)].join('\n');
  return [
    ...used
      .filter((key) => !known.has(key))
      .map((key) => issue('UNKNOWN_CLAIM', `The report prints ${key}, which is no claim.`)),
    ...draft.claims
      .filter((claim) => !used.includes(claim.key))
      .map((claim) => issue('UNUSED_CLAIM', 'A claim is not printed anywhere.', claim.text)),
    ...printed.flatMap((sentence) =>
      sentence.kind === 'PROSE' && !isOwnProse(sentence.text, asked)
        ? [
            issue(
              'UNMARKED_CLAIM',
              'A sentence passes as prose but is none the report makes: it would need a receipt.',
              sentence.text,
            ),
          ]
        : [],
    ),
  ];
}

function checkSections(draft: Draft): ValidationIssue[] {
  return draft.sections.flatMap((section) => {
    const sentences = section.paragraphs.flat();
    const wanted =
      section.role === 'LIMITS' ? sentences.length > 0 : sentences.some((sentence) => sentence.kind === 'CLAIM');
    const headed = section.heading.trim().length > 0;
    const whole = section.paragraphs.every((paragraph) => paragraph.length > 0);
    return wanted && headed && whole
      ? []
      : [issue('EMPTY_SECTION', `The section “${section.heading}” has nothing in it.`)];
  });
}

function checkDuplicates(draft: Draft): ValidationIssue[] {
  const doubled = <T>(list: readonly T[], key: (item: T) => string) =>
    list.filter((item, index) => list.findIndex((other) => key(other) === key(item)) !== index);
  const fold = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const printed = draft.sections
    .flatMap((section) => section.paragraphs.flat())
    .flatMap((sentence) => (sentence.kind === 'CLAIM' ? [sentence.claim] : []));
  return [
    ...doubled(draft.claims, (claim) => fold(claim.text)).map((claim) =>
      issue('DUPLICATE', 'The same sentence stands twice.', claim.text),
    ),
    ...doubled(draft.claims, (claim) => claim.key).map((claim) =>
      issue('DUPLICATE', `Two claims are called ${claim.key}.`, claim.text),
    ),
    ...doubled(printed, (key) => key).map((key) => issue('DUPLICATE', `${key} is printed twice.`)),
    ...doubled(draft.sections, (section) => fold(section.heading)).map((section) =>
      issue('DUPLICATE', `Two sections are called “${section.heading}”.`),
    ),
    ...doubled(draft.sources, (source) => source.sourceId).map((source) =>
      issue('DUPLICATE', `“${source.title}” is listed twice.`),
    ),
  ];
}

function checkLimits(draft: Draft): ValidationIssue[] {
  const { claims, sections, claimChars, receiptsPerClaim } = VALIDATION_LIMITS;
  const outside = (value: number, range: { min: number; max: number }) => value < range.min || value > range.max;
  return [
    ...(outside(draft.claims.length, claims)
      ? [
          issue(
            'OVER_LIMIT',
            `The report has ${draft.claims.length} claims; ${claims.min} to ${claims.max} are allowed.`,
          ),
        ]
      : []),
    ...(outside(draft.sections.length, sections)
      ? [
          issue(
            'OVER_LIMIT',
            `The report has ${draft.sections.length} sections; ${sections.min} to ${sections.max} are allowed.`,
          ),
        ]
      : []),
    ...draft.claims
      .filter((claim) => claim.text.length > claimChars || claim.receipts.length > receiptsPerClaim)
      .map((claim) =>
        issue(
          'OVER_LIMIT',
          `A claim is longer than ${claimChars} characters or has more than ${receiptsPerClaim} receipts.`,
          claim.text,
        ),
      ),
  ];
}
