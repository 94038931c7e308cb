/**
 * The form an answer has: a definition says what something is, a number answers how many, a year or a span when. A sentence
 * that has the form ranks higher; where none that is quoted has it, the report says so (`hasForm`).
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import { isCaution } from './cautions.js';
import { speaking } from './kindred.js';
import { contentTerms, type Facet } from './question.js';
import type { Candidate } from './read-candidates.js';

const FORMS: Record<Facet['kind'], RegExp> = {
  DEFINITION:
    /\b(?:is|are) (?:an?|the|defined|called|known)\b|\b(?:refers? to|means|denotes|consists? of|defined as|measures?)\b/iu,
  MECHANISM:
    /\b(?:by \p{L}+ing|uses?|using|comput\w+|work\w*|step\w*|process|through|via|based on|consists?|combin\w+|divid\w+|averag\w+|judg\w+)\b/iu,
  REASON:
    /\b(?:because|since|due to|reason\w*|caus\w+|so that|therefore|in order to|lead\w* to|result\w* in|allow\w*|explain\w*)\b/iu,
  COMPARISON:
    /\b(?:than|whereas|while|compared|unlike|versus|outperform\w*|contrast|differ\w*|both|similar\w*|agree\w*)\b/iu,
  QUANTITY:
    /(?<![\p{L}\p{N}-])\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half)\b/iu,
  LIMITS:
    /\b(?:but|however|although|limit\w*|only|not|cannot|fail\w*|bias\w*|incomplete|assum\w+|error\w*|uncertain\w*|problem\w*|weak\w*|risk\w*|unless|without)\b/iu,
  TIME: /\b(?:1[5-9]|20)\d\d\b|\d\s*(?:minutes?|hours?|days?|weeks?|months?|years?)\b|\bcentur(?:y|ies)\b|\b(?:after|before|until|since) (?:birth|parturition|publication)\b/iu,
  PERSON:
    /\b\p{Lu}\p{L}+ (?:and (?:others|colleagues|(?:(?:van|von|de|der|den|la|le) ){0,2}\p{Lu}\p{L}+)|et al\.?)|\bby \p{Lu}\p{Ll}+|\b\p{Lu}\p{Ll}+ (?:first )?(?:found|described|documented|discovered|proposed|introduced|showed|reported|argued|developed)\b/u,
  OPINION:
    /\b(?:perceiv\w+|opinions?|attitudes?|prefer\w*|satisf\w+|felt|feels?|believ\w+|valued|feedback|enjoy\w*|appreciat\w+|(?:was|were|been) (?:\p{L}+ )?received|thought|comments?|views?|rated|impressions?)\b/iu,
  TOPIC: /(?!)/u,
};

const FORM_BONUS = 0.12;
const DEFINITION_BONUS = 0.4;
/** For what only a sentence of that form answers: when, who, what somebody thinks of it, how many of just that. */
const STRICT_BONUS = 0.3;
const STRICT: ReadonlySet<Facet['kind']> = new Set(['TIME', 'PERSON', 'OPINION']);

type Told = Pick<Candidate, 'text' | 'spoken'>;

/** What a sentence gains for having the form that the clause asks for. */
export function formBonus(facet: Facet, told: Told): number {
  if (facet.kind === 'DEFINITION' && isDefinition(facet, told)) return DEFINITION_BONUS;
  if (!FORMS[facet.kind].test(told.text)) return 0;
  return STRICT.has(facet.kind) || (facet.kind === 'QUANTITY' && countsIt(facet, told.text))
    ? STRICT_BONUS
    : FORM_BONUS;
}

/** Whether a sentence has the form, in the kinds where one without it is no answer; also where the clause asks for no form. */
export const hasForm = (facet: Facet, text: string): boolean =>
  facet.kind === 'LIMITS' ? isCaution(text) : !isNeeded(facet) || FORMS[facet.kind].test(text);

/** "How reliable" is answered without a number, "how many" is not. */
const isNeeded = ({ kind, text }: Facet): boolean => (kind === 'QUANTITY' ? COUNTED.test(text) : NEEDED.has(kind));
const COUNTED = /\bhow (?:many|much|often|long|old|far|large|big|fast|high|deep|tall|heavy)\b/iu;

const NEEDED: ReadonlySet<Facet['kind']> = new Set(['TIME', 'PERSON', 'OPINION']);

/** "How many topics …": a number stands at most three words before the topics. */
function countsIt(facet: Facet, text: string): boolean {
  const counted = contentTerms(/\bhow (?:many|much) ((?:\p{L}|-)+)/iu.exec(facet.text)?.[1] ?? '')[0];
  if (counted === undefined) return false;
  const list = text.split(/\s+/u);
  return list.some(
    (word, index) =>
      FORMS.QUANTITY.test(word) &&
      speaking(new Set(tokenize(list.slice(index + 1, index + 4).join(' '))), counted) === 1,
  );
}

/** Begins with what is asked about and goes on to say what it is or does. */
function isDefinition(facet: Facet, { text, spoken }: Told): boolean {
  if (facet.terms.every((term) => spoken.has(term)) && NAMING.test(text)) return true;
  const opening = new Set(tokenize(text.split(/\s+/u).slice(0, OPENING_WORDS).join(' ')));
  return facet.terms.every((term) => speaking(opening, term) === 1) && DEFINING.test(text);
}

const OPENING_WORDS = 7;
const DEFINING =
  /^[^.;]{0,90}?\b(?:(?:is|are) (?:an?|the|one|any|when|how)|is designed (?:to|for)|was (?:designed|developed) (?:to|for)|means|denotes|refers to|stands for|consists of|provides|enables|divides|sums|averages|counts|measures|combines|normali[sz]es|weights|describes|relates)\b/iu;
/** "we use the term landscape ethnoecological knowledge (LEEK), which is …" */
const NAMING =
  /\b(?:we|is|are|was|can be) (?:use the term|define[ds]?|called|termed|defined as|referred to as|known as)\b|^As defined by\b/iu;
