/**
 * Candidate claims: sentences in which the paper asserts a finding of its own that can be checked. Quoted verbatim, each
 * with its place, the best of a paper in reading order. A sentence scores by what it says ("we show", a comparison, a
 * number with a measure), by where it stands, and loses for being another's finding, a plan or a method.
 */
import { isQuotable } from '../../../../../src/evidence/prose.js';
import { placeOf } from '../../../../../src/papers/place-of.js';
import type { CandidateClaim, SectionRole, TextLine } from '../../../../../src/papers/structured-paper.js';
import type { ProseSentence } from './prose-sentences.js';

const MOST = 20; // claims of a paper: what a reader can look through
const ENOUGH = 0.45; // of 1: from here on a sentence is more likely a finding than not

const COMPARED = 200; // of the best: each is compared with every other
const FEW = 3; // a paper that asserts little still gives its best sentences
const PLAUSIBLE = 0.3;

/** How much of the findings stand in each kind of section. */
const BY_ROLE: Record<SectionRole, number> = {
  ABSTRACT: 0.2,
  PROBLEM: 0,
  BACKGROUND: -0.25,
  RELATED: -0.5,
  METHOD: -0.1,
  TRAINING: -0.05,
  DATA: -0.05,
  EVALUATION: 0.15,
  DISCUSSION: 0.12,
  CONCLUSION: 0.2,
  ACKNOWLEDGEMENTS: -1,
  REFERENCES: -1,
  APPENDIX: -0.1,
  OTHER: -0.05,
};

export function readClaims(sentences: readonly ProseSentence[], lines: readonly TextLine[]): CandidateClaim[] {
  const scored = sentences
    .filter(({ role, text }) => BY_ROLE[role] > -0.4 && isClean(text))
    .map((sentence) => ({ sentence, score: scoreOf(sentence) }))
    .sort((a, b) => b.score - a.score || a.sentence.startOffset - b.sentence.startOffset);
  const best = withoutRepeats(scored.filter(({ score }) => score >= ENOUGH).slice(0, COMPARED)).slice(0, MOST);
  const chosen =
    best.length >= FEW
      ? best
      : withoutRepeats(scored.filter(({ score }) => score >= PLAUSIBLE).slice(0, COMPARED)).slice(0, FEW);
  if (chosen.length === 0) chosen.push(...scored.slice(0, 1));
  return chosen
    .sort((a, b) => a.sentence.startOffset - b.sentence.startOffset)
    .map(({ sentence, score }) => ({
      text: sentence.text,
      section: sentence.section?.heading ?? null,
      score: Math.round(Math.min(1, Math.max(0, score)) * 100) / 100,
      ...placeOf(lines, sentence.startOffset, sentence.endOffset),
    }));
}

const MIN_CHARS = 40;
const MAX_CHARS = 500;

/** A whole sentence of prose, and none that stands on one before it. */
const isClean = (text: string): boolean =>
  !LISTED.test(text) &&
  !GARBLED.test(text) &&
  !CUT.test(text) &&
  text.length >= MIN_CHARS &&
  text.length <= MAX_CHARS &&
  isQuotable(text) &&
  !/\?["”’)]*$/.test(text);

const GARBLED = /(?:^|\s),\d|[\ufffd□]/; // a sign that the font had no code for
const LISTED = /^\s*(?:\(?\d{1,2}[.)]|[•◦▪‣-]) /;
const CUT = /\b(?:sp|spp|cf|vs|al|[Ff]igs?|[Rr]efs?|approx|ca|No|e\.g|i\.e)\.$/; // ends in an abbreviation

const OWN_FINDING =
  /\b(?:we|our (?:\p{L}+ )?(?:results?|findings?|data|analys[ei]s|experiments?|models?|method|approach|study|work|observations?))\b(?: (?!use|using|train|appl|to\b)\p{L}+){0,2}? (?:show|shows|showed|shown|find|finds|found|demonstrate[sd]?|observe[sd]?|report(?:s|ed)?|present evidence|conclude[sd]?|discover(?:ed)?|establish(?:es|ed)?|prove[sd]?|reveal(?:s|ed)?|confirm(?:s|ed)?|indicate[sd]?|suggest(?:s|ed)?|support(?:s|ed)?|contradict(?:s|ed)?|achieve[sd]?|obtain(?:s|ed)?|outperform(?:s|ed)?|improve[sd]?|detect(?:ed)?|identif(?:y|ied)|contribute[sd]?|surpass(?:es|ed)?|reach(?:es|ed)?|provide[sd]?)\b/iu;
const RESULTS_SAY =
  /\b(?:results?|findings?|analys[ei]s|experiments?|evidence|this|these|(?:the|our) data|figures?|fig\.|table)\b(?: (?!to\b)[\p{L}\d.]+){0,3}? (?:show|shows|showed|suggests?|suggested|indicates?|indicated|demonstrates?|demonstrated|reveals?|revealed|confirms?|confirmed|implies|implied|supports?|supported)\b/iu;
const COMPARES =
  /\b(?:outperform(?:s|ed)?|surpass(?:es|ed)?|exceed(?:s|ed)?|superior|significant(?:ly)?|(?:higher|lower|larger|smaller|greater|better|worse|faster|slower|longer|shorter|older|younger|more|less|fewer) (?:\p{L}+ ){0,3}than|increas(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|improve[sd]|reduce[sd]|state[- ]of[- ]the[- ]art|associated with|correlat(?:e[sd]?|ion)|twice|compared (?:to|with)|no (?:significant )?difference|different from)\b/iu;
const NOVEL =
  /\b(?:first (?:time|report|study|to)|new (?:species|method|record|model|approach)|novel|never (?:been )?(?:before|reported)|unique)\b/i;
const PRESENTS =
  /\b(?:we|this (?:paper|study|article|work|package|tutorial|course)) (?:\p{L}+ )?(?:presents?|introduces?|provides?|develop(?:s|ed)?|describes? a new)\b/iu;
const COUNTS = /(?<![\d\p{L}[(.-])\d{1,3}(?:,\d{3})* \p{Ll}{4,}/u;
const OFFERS =
  /^(?!(?:It|They|These|This)\b)\p{Lu}[^,;]{2,60} (?:provides|enables|includes|supports|consists|comprises|spans|contains|covers|allows)\b/u;
const MEASURED =
  /(?<![\p{L}\d[(])\d+(?:[.,·]\d+)?\s?(?:%|percent\b|ms\b|years?\b|mm\b|mg\b|μg|±|BLEU|points?\b|fold\b|times\b|x\b)|\b(?:[pPtFr]|OR|HR|RR|AUC|R²)\s?[<=>≤≥]\s?\d?\.?\d/u;
const ASSERTS =
  /\b(?:is|are|was|were|has|have|had|can|does|remains?|provides?|enables?|allows?|represents?|yield(?:s|ed)?|occurs?|lacks?)\b/i;

const CITES =
  /\[\d+(?:[,;–-]\s?\d+)*\]|\((?:e\.g\.,? |see |cf\.? )?\p{Lu}[\p{L}’'-]+(?: et al\.?| and \p{Lu}[\p{L}’'-]+| & \p{Lu}[\p{L}’'-]+)?,? (?:19|20)\d\d/u;
const OTHERS =
  /\b(?:et al\.?|previous(?:ly)? (?:stud|work|report|research|published)|(?:has|have) been (?:shown|reported|suggested|proposed|argued|hypothesi[sz]ed)|researchers (?:have )?(?:suggest|argue)|it is (?:well[- ]|widely )?(?:known|believed|thought|accepted)|prior work)\b/i;
const PLANS =
  /\b(?:we (?:suggest|recommend) (?:to|that)|will(?! not)|plan to|future (?:work|research|studies|efforts)|aims? to|aimed to|we (?:propose|intend|hope|seek)|seeks to|should be|could be (?:useful|extended)|in this section|we (?:describe|discuss|outline|review|refer))\b/i;
const PROCEDURE =
  /\bwe (?:used|use|employ(?:ed)?|train(?:ed)?|collected|computed|applied|set|estimate[d]? the number|varied|chose|performed|conducted|included|measured|follow(?:ed)?)\b|\b(?:were|was) (?:collected|measured|calculated|performed|conducted|used|obtained from|recorded|prepared|determined by|assessed|dissolved|randomi[sz]ed)\b/i;
const POINTS =
  /\b(?:see|shown in|listed in|given in|summari[sz]ed in|described in|depicted in|illustrated in|as follows)\b.{0,30}$|^(?:Table|Figure|Fig\.) [\dIVX]+ (?:shows?|summari[sz]es|lists|presents|depicts|illustrates)/i;
const NO_CONTEXT =
  /^(?:These|This|Those|Such|They|It|He|She|The (?:former|latter)|Here|Then|Thus|Therefore|However|Moreover|Furthermore|In addition)\b/;

export function scoreOf({ text, role }: Pick<ProseSentence, 'text' | 'role'>): number {
  let score = 0.2 + BY_ROLE[role];
  if (OWN_FINDING.test(text)) score += 0.35;
  else if (RESULTS_SAY.test(text)) score += 0.2;
  if (COMPARES.test(text)) score += 0.15;
  if (NOVEL.test(text)) score += 0.12;
  if (MEASURED.test(text)) score += 0.18;
  if (PRESENTS.test(text)) score += 0.15;
  if (OFFERS.test(text)) score += 0.12;
  if (COUNTS.test(text)) score += 0.06;
  if (ASSERTS.test(text)) score += 0.03;
  if (CITES.test(text)) score -= OWN_FINDING.test(text) ? 0.1 : 0.25;
  if (OTHERS.test(text)) score -= 0.25;
  if (PLANS.test(text)) score -= 0.3;
  if (PROCEDURE.test(text)) score -= 0.2;
  if (POINTS.test(text)) score -= 0.15;
  if (NO_CONTEXT.test(text)) score -= 0.12;
  return score;
}

interface Scored {
  sentence: ProseSentence;
  score: number;
}

const ALIKE = 0.6; // of the words of the shorter: an abstract's sentence said again in the conclusion

function withoutRepeats(scored: readonly Scored[]): Scored[] {
  const kept: { entry: Scored; words: ReadonlySet<string> }[] = [];
  for (const entry of scored) {
    const words = new Set(entry.sentence.text.toLowerCase().match(/[\p{L}\p{N}.]{3,}/gu) ?? []);
    const repeats = kept.some(({ words: other }) => shared(words, other) > ALIKE * Math.min(words.size, other.size));
    if (!repeats) kept.push({ entry, words });
  }
  return kept.map(({ entry }) => entry);
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => [...a].filter((word) => b.has(word)).length;
