/** Sentences that bound what is claimed: what a reader who asks for limits is looking for. */

const CAUTIONS =
  /\b(?:however|although|though|cannot|fail(?:s|ed|ure)?\b|(?<!\b(?:no|without|few) )limit(?:s|ations?)\b|(?:is|are|was|were|be|remains?|very|too) limited\b|limited (?:to|by)\b|bias\w*|(?:is|are|was|were|remains?|very|too) (?:\p{L}+ly )?incomplete|caution\w*|unreliable|weakness\w*|risk\w*|drawback\w*|barriers?|obstacles?|hamper\w*|hinder\w*|difficult\w*|overestimat\w*|underestimat\w*|critici[sz]\w*|(?:does|do|is|are|did|can|may|should|was|were) not(?! only))\b/iu;

/** "thereby alleviating a common limitation", "bias correction": a remedy, which says that something does hold. */
const REMEDIES =
  /\b(?:reduc|alleviat|avoid|overc[oa]m|mitigat|minimi[sz]|correct|prevent|remov|address|eliminat|adjust|protect|solv)\w*\b[^.;:]{0,40}?\b(?:limit|bias|risk|difficult|weakness|drawback|barrier|obstacle|problem)\w*|\bbias(?:[- ]\p{L}+)?[- ](?:correct|adjust)\w*/giu;

/** A plain denial states a fact, and no limit of one: "feral dogs do not live in family units". */
const DENIALS =
  /\b(?:does|do|is|are|did|was|were) not(?! (?:necessarily|always|yet|known|clear|sufficient|enough|possible|suitable|available|well|replace|prevent|guarantee|imply|mean|prove|account|capture|generali[sz]e|apply|hold|work|help|scale|suffice|support|improve|solve)\b)/giu;

/** Says what does not hold, or not always. */
export const isCaution = (sentence: string): boolean => CAUTIONS.test(sentence.replace(REMEDIES, ''));

/** Bounds what is known, rather than saying that something is not so. */
export const statesLimit = (sentence: string): boolean => isCaution(sentence.replace(DENIALS, ''));
