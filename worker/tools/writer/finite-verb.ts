/**
 * Has a sentence a verb that says something of a subject? A caption ("Interactive widget to visualize the components"), a
 * list item and the head of a table have none. Most English verbs are spelt like a noun or a participle, so the neighbours
 * of a word decide. Errs on the side of seeing a verb: a sentence lost is lost for good, a fragment may yet rank low.
 */

/** Forms that are nothing but a finite verb. */
const PLAIN =
  /\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|should|must|does|do|did|cannot|gave|took|made|showed|found|said|came|went|grew|rose|fell|led|kept|told|held|began|became|ran|saw|knew|wrote|chose|brought|thought|stood|meant|felt|lost|sought|drew|spoke|tend|seem|appear|remain|include|consist|comprise|depend|differ|rely|occur|exist|require|provide|contain|enable|allow|become|yield|serve|describe|discuss|reflect|specify|specifie|implement|employ|observe|leverage|display|dominate|supersede)s?\b|\bresults? (?:in|from)\b/iu;

/** Verbs as subjects of many have them ("Plants use light"), which are no nouns, or hardly; after "to" they are not finite. */
const BASE =
  /^(?:absorb|achieve|affect|agree|apply|argue|arise|ask|assume|avoid|believe|bind|breed|bring|build|burn|buy|call|carry|cause|combine|compare|confirm|consider|consume|contribute|create|decide|decline|decrease|define|demonstrate|depend|derive|destroy|determine|develop|die|disagree|drive|eat|encourage|establish|evolve|examine|expect|explain|express|feed|find|follow|forget|form|generate|get|give|go|grow|happen|help|hold|identify|impair|improve|increase|indicate|induce|influence|inhibit|involve|keep|know|lead|learn|leave|let|live|lose|lower|maintain|make|mean|measure|melt|migrate|move|need|obtain|offer|perform|persist|predict|prefer|prevent|produce|promote|propose|protect|prove|raise|react|read|receive|recommend|reduce|regulate|relate|release|represent|resist|respond|return|reveal|run|scatter|see|select|sell|send|share|show|sleep|solve|speak|spend|spread|start|stay|stop|store|strengthen|suffer|suggest|survive|take|talk|teach|tell|think|travel|treat|trigger|try|turn|understand|use|vary|want|weaken|wear|win|work|write)$/u;

/** What stands before a noun or a participle, never before a finite verb. */
const BEFORE_A_NOUN =
  /^(?:the|a|an|this|these|those|its|their|his|her|our|each|every|no|some|any|of|in|on|for|with|by|from|at|between|into|as|to|per|using|than|two|three|four|five|several|many|various|other|\d[\d.,]*)$/u;
/** What follows a noun, and hardly a verb. */
const AFTER_A_NOUN = /^(?:of|and|or|[,;:]|that|which|who|\p{L}+ing|)$/u;
const ALWAYS_NOUN = /(?:[ts]ions|ities|ments|isms|nesses|ologies|graphs|ers|details|news)$/u;
const NEVER_A_VERB =
  /^(?:about|above|across|after|against|along|although|among|around|as|at|because|before|behind|below|between|beyond|but|by|despite|during|except|for|from|if|in|inside|into|like|near|of|off|on|once|onto|or|and|out|outside|over|per|rather|since|so|than|that|though|through|throughout|till|to|toward|towards|under|unless|unlike|until|up|upon|versus|via|when|where|whereas|whether|which|while|who|with|within|without|both|all|half|only|even|not|just|also|\p{L}+(?:ing|ly|ed|en))$/u;
/** What follows a verb that is spelt like its subject's plural would be: "Students prepare a system". */
const AFTER_A_VERB =
  /^(?:the|a|an|this|these|those|its|their|his|her|our|each|every|all|both|no|some|any|such|not|only|more|less|better|worse|well|how|whether|\p{L}+(?:ly|er)|to|in|on|for|with|from|at|into|through|about|over|upon|towards?|between|against)$/u;

/** Subjects of many that do not end in s, and what stands for them. */
const OF_MANY =
  /^(?:people|children|men|women|mice|feet|teeth|data|media|criteria|phenomena|bacteria|they|we|you|i|that|who)$/u;

/** Of a sentence as printed. What only a relative clause at its end has ("B3LYP, which is widely used.") is not the sentence's. */
export function hasFiniteVerb(sentence: string): boolean {
  const [, head, tail = ''] = /^(.+?), (?:which|who|whose) (.+)$/u.exec(sentence) ?? [];
  const isShort = head !== undefined && head.split(' ').length <= MAX_HEAD_WORDS && !tail.includes(',');
  return isPredicated(isShort ? head : sentence);
}

const MAX_HEAD_WORDS = 6; // before a longer one the verb may be one that is spelt like a noun

function isPredicated(sentence: string): boolean {
  if (PLAIN.test(sentence)) return true;
  const list = sentence.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*|[,;:]/gu) ?? [];
  return list.some((word, index) => index > 0 && isFiniteHere(word, list[index - 1] ?? '', list[index + 1] ?? ''));
}

function isFiniteHere(word: string, before: string, after: string): boolean {
  if (BEFORE_A_NOUN.test(before) || word.length < 3) return false;
  if (/\p{L}{2}ed$/u.test(word) || BASE.test(word)) return true;
  if (/^(?:the|a|an|their|its)$/u.test(after) && /^\p{L}/u.test(before) && !NEVER_A_VERB.test(before)) {
    if (!NEVER_A_VERB.test(word)) return true;
  }
  if (isPlural(word)) return !AFTER_A_NOUN.test(after) && !ALWAYS_NOUN.test(word);
  const isOfMany = isPlural(before) || OF_MANY.test(before);
  return isOfMany && /^\p{L}+$/u.test(word) && !BEFORE_A_NOUN.test(word) && AFTER_A_VERB.test(after);
}

const isPlural = (word: string) => /(?:[^aus]|[ei]a)s$/u.test(word) && !/sis$/u.test(word);
