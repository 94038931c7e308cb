/**
 * Does a sentence lean on what stood before it in its source? Quoted alone it would point at nothing: "These results …",
 * "The approach was …", "for both species", "such decisions". Decided by the words alone, so that each refusal can be shown.
 */
import { DANGLING_DEFINITES, DANGLING_OPENINGS } from './wording.js';

/** Opens with what stands elsewhere. */
export function isDangling(sentence: string): boolean {
  const [first = '', second = '', third = ''] = sentence
    .toLowerCase()
    .replace(/^["“‘(]/u, '')
    .replace(ADVERB_BEFORE_POINTER, '')
    .split(/[\s,/]+/u);
  if (first === 'this' && AUTHORS_OWN.test(second)) return false; // quoted with the authors' name before it
  if (first === 'both' && /^both\s[^,.]+\sand\s/iu.test(sentence)) return false; // "Both precision and recall"
  if (first === 'either' || (first === 'neither' && /\bnor\b/u.test(sentence))) return false;
  if (first === 'there' && /^(?:is|are|was|were|has|have)$/u.test(second)) return false; // an existence, not a place
  if (first === 'such' && third === 'as') return true;
  if (DANGLING_OPENINGS.has(first)) return true;
  if (
    /^(?:for (?:example|instance)|on the contrary|(?:while|whereas|as was \p{L}+)(?=,)|thus|hence|therefore|namely|also|moreover|furthermore|consequently|accordingly)\b/iu.test(
      sentence,
    )
  )
    return true; // not taken off, so that it does something else than to open
  if (
    /^(?:similar (?!to\b)|(?:the )?(?:observed|resulting|corresponding|remaining) \p{L}+s?\b|one (?:is|was|of them)\b|in (?:either|each|both|neither|any|all|these|this|such|the (?:first|second|latter|former)) (?:the )?(?:cases?|instances?|respects?|regard)\b)/iu.test(
      sentence,
    )
  )
    return true;
  if (/^\p{Lu}\p{Ll}+(?:ed|ing)\b[^,]{0,60}, (?:its|it|they|their|he|she|his|her)\b/u.test(sentence)) return true;
  if (/^(?:if|when|where|unless) (?:left |not )?\p{L}+(?:ed|left),/iu.test(sentence)) return true;
  if (
    /^(?:although|while|when|if|because|since|as|though|once|after|before|unless|whereas|until) (?:they|it|he|she|these|this|those|their|its|both)\b/iu.test(
      sentence,
    )
  )
    return true;
  if (first === 'the' && DANGLING_DEFINITES.has(second)) return true;
  if (
    /^(?:at|in|for|with|from|by|on|after|to|under|despite|given|using|unlike|like|of|because of) (?:this|these|that|those|such|it|its|their|them|the (?:same|latter|former|above|second|other))\b/iu.test(
      sentence,
    )
  )
    return true;
  if (/^(?:one|some|many|most|several|all|none|two|three|each|any) of (?:these|those|them|which)\b/iu.test(sentence))
    return true;
  if (
    /^(?:one|two|three|four|five|six|seven|eight|nine|ten|several|some|various|\d+|a|an|the) (?:other|second|third|further|final|last|such|similar|additional|alternative|various)\b|\bone of the authors\b/iu.test(
      sentence,
    )
  )
    return true;
  if (IT_AFTER_OPENING.test(sentence)) return true;
  if (NAMED_BEFORE.test(sentence) || pointsBack(sentence)) return true;
  return /^[^,.]{0,40}\b(?:these|this|those) (?:is|are|was|were|can|may|two|three|results?|findings?|methods?|approach\w*|measures?|problems?|values?|data)\b/iu.test(
    sentence,
  );
}

/** "Obviously, it can …": the adverb does not tell what it is. */
const ADVERB_BEFORE_POINTER = /^(?:\p{L}+ly|of course),? (?=(?:it|they|this|these|those|he|she|such)\b)/u;

/** "The approach was not …": which one, the sentence before has said; "the approach of Zou" and "approaches" say it themselves. */
const NAMED_BEFORE =
  /^The (?:approach|method|technique|procedure|strategy|mechanism|message|system|structure|process|phenomenon|option|task|issue|claim|tool|step|rule|change|trend|pattern|distinction|comparison|debate|disagreement|term|concept)(?:e?s)? (?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|does|do|did|also|not|(?!towards)\p{L}+(?:ed|es|s))\b/u;

/** "In contrast to many hypotheses, it suggests …"; "in winter, it is hard to …" names nothing and needs nothing. */
const IT_AFTER_OPENING =
  /^(?:In|Unlike|Despite|From|By|Given|According|Compared|Contrary)\b[^,]{3,90}, (?:they (?!are those)|this |it (?!is|was|seems|appears|can|could|may|might|has been|had been|would|will|becomes|became|remains|takes|took))/u;

/** "for both species", "the two mechanisms", "inhibits this": points at what the sentence has not named before. */
export function pointsAtTheUnnamed(sentence: string): boolean {
  if (pointsAtOthers(sentence)) return true;
  if (
    /\b(?:this|these|the same)(?=[,.;:)”"]|$)|\bthe (?:discrepancy|latter|former|(?:observed|expected|resulting) (?:differences?|results?|effects?|values?))\b(?! (?:between|in|of)\b)/iu.test(
      sentence,
    )
  )
    return true;
  if (/^all (?:of the )?(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,3}) \p{Ll}/iu.test(sentence)) return true;
  const match = UNNAMED_PAIR.exec(sentence);
  return match !== null && !/\b(?:and|or|versus|vs)\b/iu.test(sentence.slice(0, match.index));
}

const UNNAMED_PAIR =
  /\bboth (?:species|groups|methods|models|cases|conditions|cohorts|datasets|studies|sites|systems|measures|approaches|techniques|samples|experiments|populations|arms|types|kinds)\b(?! of\b)|\bthe (?:two|three|four|five)(?: (?!sexes|main|most|largest)\p{Ll}+|\b$)/iu;

/** "in that comparison", "such decisions": a pointing word whose noun has not been named earlier in the sentence. */
function pointsBack(sentence: string): boolean {
  for (const match of sentence.matchAll(POINTING)) {
    const noun = (match[1] ?? '').toLowerCase();
    const before = sentence.slice(0, match.index).toLowerCase();
    if (!AUTHORS_OWN.test(noun) && !before.includes(noun.slice(0, Math.max(4, noun.length - 2)))) return true;
  }
  return false;
}

const POINTING =
  /(?:\b(?:in|of|from|by|on|for|to|under|with|at) that|\b(?:this|these|those|such)) (?!(?:as|of|in|the|is|are|was|were|a|an|which|who|whose|that|they|it|we|can|may|not|because)\b)(\p{Ll}+)/giu;

const AUTHORS_OWN = /^(?:paper|study|work|article|survey|review|thesis|report)$/u;

/** Words that "they" may stand for: a plural, a name, several joined by "and", people. */
const MANY =
  /(?:[^usi]s|[’']s)\b|\b(?:and|people|children|women|men|mice|data|who|each|every|any\p{L}*|one|some\p{L}*|\p{L}*us|species|series)\b/iu;
/** "Based on their aggression, Thierry arranged …": the subject follows. */
const SUBJECT_FOLLOWS = /^\p{Lu}[^,]*, (?!(?:they|it|their|its)\b)/u;

/** "no explicit analysis of their knowledge": whose, has been said before. */
function pointsAtOthers(sentence: string): boolean {
  const match = /\b(?:they|their|them)\b/iu.exec(sentence);
  if (!match) return false;
  const before = sentence.slice(0, match.index);
  if (MANY.test(before) || /\bdue to $/u.test(before)) return false;
  return (
    before.includes(',') ||
    !SUBJECT_FOLLOWS.test(sentence) ||
    !/^(?:Based|Depending|In|Due|Because|With|Despite|When|While|If|After|Before|Given)\b/u.test(sentence)
  );
}
