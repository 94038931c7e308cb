/**
 * Can this sentence be quoted alone? Extracted text is full of things that look like sentences: captions, headings,
 * reference entries, author lists, code, rows of numbers, halves of sentences, and whole sentences that lean on the one
 * before. Each rule names what it refuses, so a refusal can be counted and tested.
 */
import { isDangling, pointsAtTheUnnamed } from './dangling.js';
import { hasFiniteVerb } from './finite-verb.js';

export type Defect =
  | 'LENGTH'
  | 'FRAGMENT'
  | 'DANGLING'
  | 'ABOUT_ITSELF'
  | 'STORY'
  | 'POINTS_ELSEWHERE'
  | 'QUESTION'
  | 'INSTRUCTION'
  | 'REFERENCE'
  | 'CAPTION'
  | 'LIST'
  | 'CODE_OR_FORMULA'
  | 'DEBRIS'
  | 'UNBALANCED'
  | 'ADMINISTRATIVE'
  | 'NO_VERB';

const MIN_WORDS = 7;
const MAX_WORDS = 48;
const MAX_CHARS = 360; // about three printed lines; a longer sentence hides its claim

const RULES: ReadonlyArray<readonly [Defect, (sentence: string) => boolean]> = [
  ['QUESTION', (s) => /\?["”’)]*$/u.test(s)],
  ['FRAGMENT', (s) => !/^["“‘]?[\p{Lu}\p{Nd}]/u.test(s) && !/^\p{Ll}{1,3}\p{Lu}/u.test(s)],
  // "175 MeV, the pressures cross": what stood before the number was a formula. "… proposed by Zou in.": so was its end.
  ['FRAGMENT', (s) => /^[\d.,–-]+ ?(?:\p{L}{1,5}|%|°\p{L}?)?, \p{Ll}/u.test(s)],
  // "Intended to target the unemployed.", "Likely to have been …": the subject stood in another cell of a table.
  [
    'FRAGMENT',
    (s) =>
      /^(?:Intended|Proved|Likely|Unlikely|Found|Seen|Known|Considered|Reported|Shown|Thought|Able|Unable) to\b[^,]*(?:,\s\p{L}+ing\b[^,]*)?$/u.test(
        s,
      ) ||
      /^(?:Impression|Reports?|Suggestion|Feeling|Belief|Assumption) that\b/u.test(s) ||
      /^(?:Researcher|Participant|Patient|Student|Manager|Interviewer|Respondent|Author)s? (?:found|felt|attended|promoted|reported|noted|said|approached) (?:it|that|to)\b/u.test(
        s,
      ),
  ],
  ['FRAGMENT', (s) => /[,;:]\.$|\bsee(?: also)?\)|\b(?:cf|e\.g|[;,] see)[.\s]*$/u.test(s)], // a formula or a citation ended it
  ['FRAGMENT', (s) => /\b(?:in|by|of|from|at|with|than|and|or|the|an?|to|on|for)\.["”’)]*$/u.test(s)],
  [
    'FRAGMENT',
    (s) => !/[.!]["”’)]*$/u.test(s) || /\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Dr|Prof|No|approx|resp|Sec)\.$/u.test(s),
  ],
  [
    'CAPTION',
    (s) =>
      /^(?:Figure|Fig\.?|Table|Algorithm|Listing|Box|Panel|Plate|Scheme|Supplementary|Additional file|Appendix)\s*[A-Z]?\d/iu.test(
        s,
      ),
  ],
  [
    'LIST',
    (s) =>
      /^(?:[•▪●◦*+–—-]|\(?[a-z\d]{1,2}[).]|\(?[ivx]{1,4}\))\s/u.test(s) ||
      /[•▪●◦]|:$/u.test(s) ||
      /\s[–-]\s.*\s[–-]\s.*\s[–-]\s/u.test(s),
  ],
  [
    'REFERENCE',
    (s) =>
      /\b(?:doi|arXiv:\d|ISBN|ISSN|pp\.|vol\.|Proc\.|eds?\.|In Proceedings|Proceedings of the|Conference on|Springer|Elsevier|University Press|Lecture Notes)\b/iu.test(
        s,
      ) && /\b(?:19|20)\d\d\b|\d+[–-]\d+/u.test(s),
  ],
  ['REFERENCE', (s) => /\b\p{Lu}\p{Ll}+,? \p{Lu}\.(?: ?\p{Lu}\.)*[,;] (?:and |& )?\p{Lu}\p{Ll}+,? \p{Lu}\./u.test(s)],
  [
    'REFERENCE',
    (s) =>
      /©|copyright|creative commons|all rights reserved|licen[cs]ed? under|received:|accepted:|published:|corresponding author|@\p{L}|https?:|www\.|e-?mail|competing interests|conflicts? of interest|acknowledge|funded by|grant (?:no|number)|peer review|open access|orcid/iu.test(
        s,
      ),
  ],
  [
    'REFERENCE',
    (s) =>
      /^[^:]{10,}: (?:an? |the )?(?:\p{L}+ ){0,3}(?:study|review|survey|analysis|approach|investigation|perspective)\b[^.]*\.$/iu.test(
        s,
      ) && !/\b(?:is|are|was|were|has|have)\b/u.test(s),
  ],
  ['ADMINISTRATIVE', (s) => ADMINISTRATIVE.test(s)],
  ['ADMINISTRATIVE', (s) => /(?:\b\p{Lu}\.){2,},|\b\p{Lu}\.\p{Lu}\. and \p{Lu}\./u.test(s)],
  ['REFERENCE', (s) => /\bDepartment of\b.*\b(?:University|Institute|USA|UK|Germany)\b/u.test(s)],
  [
    'CODE_OR_FORMULA',
    (s) =>
      /[{}\\<>|^~=≈∑∏∫√∈∀∃≤≥±→←∂∇×]|\s[+*/]\s|\b\w+\(\)|::|\$|\b\w+_\w+\b/u.test(
        s.replace(/\bp\s*[<=>]\s*0?\.\d+/gu, ''),
      ),
  ],
  ['CODE_OR_FORMULA', (s) => /\b(?:of|by|than|to|size|length) (?!a\b)\p{Ll}(?=[.,;)])/u.test(s)], // “by a factor of k.”
  ['CODE_OR_FORMULA', (s) => (s.match(/(?<![\p{L}’'-])(?!a\b|A\b|I\b)\p{L}(?![\p{L}’'-]|\.)/gu) ?? []).length >= 3],
  [
    'DEBRIS',
    (s) =>
      /\uFFFD|\f|[\u0000-\u0008]|\p{L}{32,}|\p{Ll}[-‐] \p{Ll}|(?:\s[\d.,%]+){4,}|(?:\b\p{Lu}{3,}\b\s+){3,}|\.{3,}|\p{Co}/u.test(
        s.replace(/\p{Ll}- (?:and|or|to)\b/gu, ''),
      ),
  ],
  ['DEBRIS', (s) => /\p{L}{2,}\d{2,}\.\d/u.test(s)], // "SVL578.4": an equals sign misread as a digit
  ['DEBRIS', (s) => /\s,\d/u.test(s)], // “,100”: a sign misread as a comma
  ['DEBRIS', (s) => letterShare(s) < 0.72],
  ['DEBRIS', (s) => /\b\p{Lu}{1,2}\d{4,}\b/u.test(s)], // the label of one specimen, case or file
  [
    'DEBRIS',
    (s) =>
      /\p{Ll}\.\p{Lu}\p{Ll}|(?<!\p{L})\p{Ll}{3,}\d{1,3}[ .,]|\p{Ll}\p{Lu}\p{Ll}+\p{Lu}\p{Ll}+\p{Lu}/u.test(
        s.replace(/\b(?:p|BM|h|k|v|x|n)\d+\b/giu, ''),
      ),
  ],
  [
    'UNBALANCED',
    (s) =>
      count(s, /\(/gu) !== count(s, /\)/gu) ||
      count(s, /[“]/gu) !== count(s, /[”]/gu) ||
      count(s, /"/gu) % 2 === 1 ||
      count(s, /\[/gu) !== count(s, /\]/gu),
  ],
  [
    'POINTS_ELSEWHERE',
    (s) =>
      /\b(?:(?:in|of|from|by|see) (?:the )?(?:this|next|previous|following|preceding|last|above|present) (?:section|chapter|subsection|table|figure|example|equation|part|appendix|paragraph)|as (?:mentioned|described|discussed|shown|noted|seen|stated|explained|defined|said) (?:above|below|earlier|before|previously|in|by the)|(?:shown|described|discussed|listed|given|presented|mentioned|defined|illustrated|summari[sz]ed|reported) (?:above|below|here|earlier)|aforementioned|above-mentioned|the above|the following|below\.|(?:flow ?chart|diagram|figure|table|list|code|example|plot|image|picture|schema|map) (?:below|above)|see (?:above|below)|the remainder of|is organi[sz]ed as)\b/iu.test(
        s,
      ),
  ],
  [
    'POINTS_ELSEWHERE',
    (s) =>
      /\b(?:[Ss]ections?|[Tt]ables?|[Ff]igures?|[Ff]igs?|[Ee]quations?|[Ee]qs?|[Aa]ppendix|[Cc]hapters?|[Aa]lgorithms?|[Tt]heorems?|[Ll]emmas?|[Ll]istings?)\b\.?\s*\(?(?:S?\d|[A-Z]\b)|\bsupplementa(?:ry|l) (?:materials?|information|files?|data|tables?|figures?|appendix)\b/u.test(
        s,
      ),
  ],
  ['POINTS_ELSEWHERE', (s) => LEGEND.test(s)],
  ['ABOUT_ITSELF', (s) => DESCRIBES_THE_TEXT.test(s)],
  ['STORY', (s) => PERSONA.test(s) || /^["“‘'].*\b(?:I|me|my)\b|^I\b|\bmyself\b/u.test(s)], // what one person said
  ['DANGLING', (s) => /^\p{L}+(?: \p{L}+){0,2} \p{L}+(?:ed|s) (?:them|it)\b/u.test(s)],
  [
    'INSTRUCTION',
    (s) =>
      /^(?:See|Please|Let us|Let (?!\p{Ll}+ing\b)\S+ (?:be|denote)|Suppose|Imagine|Refer to|Always|Never|Avoid|Do not)\b|^Let (?=\(|\p{Lu})|^(?:Consider|Let|Assume|Recall|Click|Run|Type|Open|Install|Choose|Select|Remember|Compare|Ensure|Try|Use|Check|Make) (?:that|the|this|a|an|your|how|whether|on|\d)\b/u.test(
        s,
      ),
  ],
  ['LIST', (s) => /^\p{Lu}[\p{L}-]*(?: \p{L}+)?: /u.test(s)],
  [
    'LIST',
    (s) =>
      /(?<!\b(?:is|was|are|were|of|to|by|at|and|or|than|level|factor|phase|type|about|least|most|=)) \d\.$/u.test(s),
  ],
  ['ABOUT_ITSELF', (s) => speaksAsAuthors(s) && !FINDING.test(s)],
  ['DANGLING', isDangling],
  ['DANGLING', pointsAtTheUnnamed],
  ['NO_VERB', (s) => !hasVerb(s) || isForeign(s)],
];

/** The first reason not to quote the sentence alone, or undefined. Expects a tidied sentence. */
export function findDefect(sentence: string): Defect | undefined {
  const count = sentence.split(/\s+/u).length;
  if (count < MIN_WORDS || count > MAX_WORDS || sentence.length > MAX_CHARS) return 'LENGTH';
  return RULES.find(([, refuses]) => refuses(sentence))?.[0];
}

/** Speaks in its authors' voice ("we", "our", "this paper"): quotable only with their name before it. */
export const speaksAsAuthors = (sentence: string): boolean =>
  /\b(?:we|our|ours|us|my)\b/iu.test(sentence.replace(/\bUS\b/gu, '')) ||
  /\b(?:We|Our)\b/u.test(sentence) ||
  /\b(?:this|the present|the current) (?:paper|study|work|article|survey|review|thesis|report|analysis|approach)\b/iu.test(
    sentence,
  );

/**
 * Speaks of something only its own paper has introduced ("The tutorials …", "The participants …"): true of that work
 * alone, so it is quoted with the name of who says it.
 */
export const speaksOfItsWork = (sentence: string): boolean =>
  OWN_MAKING.test(sentence) || OWN_PEOPLE.test(sentence) || OWN_NEWS.test(sentence);

const OWN_MAKING =
  /\b(?:the|this|these|all)\s(?:(?:\p{Ll}|-)+\s){0,2}(?:resource|tutorial|guidebook|textbook|course|curriculum|workshop|event|toolkit|questionnaire|cohort|trial|challenge|program(?:me)?)s?\b(?!\s(?:of|for|that|which|who|called|named|with)\b|-)/iu;
const OWN_NEWS =
  /\b(?:the|this) (?:new|novel) (?:species|genus)\b|^(?:\p{L}+ ){0,2}(?:the|this) (?:new|novel|proposed|presented) (?:\p{Ll}+ )?(?:method|model|algorithm|approach|dataset|protocol|framework|system|package)\b/iu;
const OWN_PEOPLE =
  /^(?:(?:\p{L}+\s){0,3}of )?(?:the|these|all|each|every|both)\s(?:the\s)?(?:(?:\p{Ll}|-)+\s)?(?:participants|respondents|interviewees|patients|students|learners|subjects|sample|intervention|invitation|interviews?|algorithms?|project|package|software|platform|pipeline|repository|modules?|lessons?|lectures?|exercises?|examples?|sessions?|materials?)\b(?!\s(?:of|for|that|which|who|called|named|with|sizes?)\b|-)/iu;

/** What explains a picture or a table says nothing without it: "Arrows mark …", "Numbers in brackets indicate …". */
const LEGEND =
  /^(?:(?:the|dashed|dotted|solid|shaded|red|blue|green|black|gr[ae]y|bold|italic|original|values|open|filled)\s+){0,3}(?:error bars?|arrows?|numbers?|values?|asterisks?|stars?|bars?|dots?|points?|lines?|curves?|circles?|squares?|boxes|whiskers?|symbols?|colou?rs?|letters?|quotations?|percentages?|abbreviations?|rows?|columns?|areas?|regions?)\b(?: \p{L}+){0,3} (?:mark|represent|indicate|show|denote|refer|correspond|stand for|depict|display|give)s?\b/iu;

/** What the text is and where in it what stands, rather than what is so. */
const DESCRIBES_THE_TEXT =
  /\bwill (?:introduce|be (?:described|presented|discussed|illustrated|shown))\b|\b(?:was|were) (?:presented|introduced)(?:\.$|, along)|^(?:Subsequent|Later|Earlier|Previous|Following|Next) (?:sections?|chapters?)\b|^(?:Part|Chapter|Section) \d|\b[Tt]he (?:next|following|previous) (?:command|line|step|listing)\b|^(?:The|An?) (?:introduction|overview|paper|article|manuscript|section|appendix|vignette|chapter|remainder|outline|discussion|summary|list)\b[^.]*\b(?:gives?|given|provides?|provided|presents?|presented|describes?|discusses|contains?|introduces?|outlines?|included|generated|follows?)\b/u;

/** "Juniper wants to learn …": a made-up reader of the source. */
const PERSONA =
  /^\p{Lu}\p{Ll}+ (?:wants|wishes|hopes|likes|decides|wonders|would like|is eager|is interested) (?:to|in)\b/u;

/** What a paper says of its own making: money, permits, reviews, where the data lie. */
const ADMINISTRATIVE =
  /\b(?:funding (?:for|was|is|from|statement)|funders?|(?:was|were) (?:funded|supported|approved|authori[sz]ed) (?:by|under)|ethic\w+ (?:committee|approval|board)|informed consent|review board|reviewers?|referees?|the authors have|as requested|previous version|version \d of (?:this|the) (?:article|paper)|(?:from|in) (?:this|the) (?:note|manuscript|revision|new version)|(?:was|were|been) (?:added|removed|included) (?:to|from|in) the (?:note|text|manuscript|article)|(?:figures?|tables?|references?|sentences?|paragraphs?|sections?) (?:has|have) been (?:added|removed|changed|corrected|updated)|data availability|available (?:at|from|upon|on request|online)|can be (?:accessed|downloaded|found|watched|viewed) (?:on|at|from|in|via|under)|author contributions|all authors|supported by (?:a|an|the) [^.]*(?:grant|program|award|foundation|fund)\w*|award \w*\d|contributed (?:to|lesson|material)\b)\b/iu;

/** Headings under which nothing is evidence. */
export const isAdministrativeHeading = (heading: string): boolean =>
  /^(?:\d+\W*)?(?:amendments?\b|acknowledge?ments?|funding|grant information|competing interests?|conflicts? of interest|author\w* (?:contributions?|information|details)|authors['’] contributions?|data availability|ethic\w+|consent|open peer review|referee|reviewer|supplementary|supporting information|additional (?:files?|information)|abbreviations|keywords|references|bibliography|about (?:the|this) (?:author|paper))/iu.test(
    heading.trim(),
  );

/** Says how a study was carried out rather than what is so. */
export const isProcedural = (sentence: string): boolean =>
  /\b(?:(?:was|were) (?:\p{L}+ly |also )?(?:prepared|obtained|removed|sacrificed|stored|weighed|fitted|determined by|calculated (?:by|using|as|from)|estimated (?:by|using)|recruited|sampled|grouped|asked|interviewed|excluded|analy[sz]ed|collected|recorded|selected|transcribed|translated|totalled|coded|invited|randomi[sz]ed|divided|conducted|performed|captured|tagged|classified|used)|primary outcome|secondary outcomes?|outcome measures?|will be (?:analy[sz]ed|collected|asked|recruited|recorded|randomi[sz]ed|compared|assessed|invited|instructed|eligible)|respond(?:ed|ents)|questionnaires?|sampling|unless stated otherwise)\b/iu.test(
    sentence,
  );

/** What makes a sentence in the authors' voice worth quoting: it reports something rather than announcing it. */
const FINDING =
  /\b(?:we|results?|findings?|experiments?|analysis|study|paper|work|data|survey)\b[^.]{0,40}\b(?:find|finds|found|show|shows|showed|observed?|demonstrated?s?|proposed?s?|report|reports|reported|conclude[ds]?|measured|estimated?|obtain(?:ed)?|confirm(?:ed|s)?|reveal(?:ed|s)?|suggest(?:s|ed)?|indicate[sd]?|identif(?:y|ied)|detected|compared)\b|\bwe (?:use the term|define)\b/iu;

/** 0..1: how comfortably it reads; 12 to 28 words and few asides read best. */
export function readability(sentence: string): number {
  const length = sentence.split(/\s+/u).length;
  const fit = length < 12 ? 0.7 + 0.05 * (length - 6) : length <= 28 ? 1 : Math.max(0.4, 1 - 0.03 * (length - 28));
  const asides = 0.08 * (count(sentence, /\(/gu) + count(sentence, /[;:]/gu));
  const names = 0.05 * Math.max(0, count(sentence, /\b\p{Lu}{2,}\b/gu) - 2);
  const leans = /\b(?:this|these|those|such|they|it)\b/iu.test(sentence.split(/\s+/u).slice(0, 6).join(' ')) ? 0.15 : 0;
  const adds = /\b(?:also|too|again|similarly|likewise|then)\b/iu.test(sentence) ? 0.1 : 0;
  return Math.max(0, fit - asides - names - leans - adds);
}

const count = (text: string, pattern: RegExp) => (text.match(pattern) ?? []).length;

const letterShare = (text: string) => {
  const dense = text.replace(/\s/gu, '');
  return dense.length === 0 ? 0 : count(dense, /\p{L}/gu) / dense.length;
};

/** "Plotting the components of the curves.": a title or a list item; a gerund needs a finite verb after it. */
const BARE_GERUND = /^\p{Lu}\p{Ll}+ing\b/u;
const FINITE =
  /\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|does|do|did|cannot|becomes?|remains?|means|gives|shows|makes|takes|leads|needs|requires|allows|helps|lets|reduces|increases)\b|\b\p{Ll}{3,}ed\b/u;

/** Another language than the rules here read: they would take its words for English ones. */
const isForeign = (sentence: string) =>
  new Set(
    sentence
      .toLowerCase()
      .match(
        /\b(?:der|das|und|den|dem|nicht|sich|ist|von|mit|er|auch|wie|wird|les|une|est|dans|pour|los|las|que|della)\b/gu,
      ),
  ).size >= 3;

const hasVerb = (sentence: string) => hasFiniteVerb(sentence) && (!BARE_GERUND.test(sentence) || FINITE.test(sentence));
