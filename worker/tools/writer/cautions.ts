/** Sentences that bound what is claimed: what a reader who asks for limits is looking for. */

const CAUTIONS =
  /\b(?:however|although|though|cannot|fail(?:s|ed|ure)?\b|(?<!\b(?:no|without|few) )limit(?:s|ations?)\b|(?:is|are|was|were|be|remains?|very|too) limited\b|limited (?:to|by)\b|bias\w*|incomplete\w*|caution\w*|unreliable|weakness\w*|risk\w*|drawback\w*|difficult\w*|overestimat\w*|underestimat\w*|critici[sz]\w*|(?:does|do|is|are|did|can|may|should|was|were) not(?! only))\b/iu;
/** Says what does not hold, or not always. */
export const isCaution = (sentence: string): boolean => CAUTIONS.test(sentence);
