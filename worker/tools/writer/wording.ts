/**
 * Closed word lists of written English that several steps of the writer agree on. Each list is small on purpose: a
 * word stands here because losing or adding it changes what a sentence asserts, or because a sentence that opens with
 * it cannot be read alone.
 */

/** Openings that tie a sentence to the one before or label it; the assertion is the same without them. */
export const DROPPABLE_OPENINGS = [
  'however',
  'moreover',
  'furthermore',
  'additionally',
  'further',
  'in addition',
  'therefore',
  'thus',
  'hence',
  'consequently',
  'as a result',
  'as a consequence',
  'in turn',
  'to this end',
  'at the same time',
  'for example',
  'for instance',
  'in contrast',
  'by contrast',
  'on the other hand',
  'on the one hand',
  'nevertheless',
  'nonetheless',
  'conversely',
  'similarly',
  'likewise',
  'indeed',
  'in fact',
  'finally',
  'lastly',
  'first',
  'firstly',
  'second',
  'secondly',
  'third',
  'thirdly',
  'overall',
  'in particular',
  'specifically',
  'in general',
  'in summary',
  'in short',
  'in other words',
  'that is',
  'of course',
  'interestingly',
  'importantly',
  'notably',
  'surprisingly',
  'unfortunately',
  'again',
  'also',
  'besides',
  'accordingly',
  'note that',
  'namely',
  'background',
  'objective',
  'objectives',
  'aim',
  'aims',
  'methods',
  'results',
  'conclusion',
  'conclusions',
  'and',
  'but',
  'yet',
] as const;

/** Words inside a sentence that tie it to the one before; the assertion is the same without them (not so “then”: it bounds). */
export const CONNECTIVES = [
  'therefore',
  'thus',
  'hence',
  'consequently',
  'accordingly',
  'moreover',
  'furthermore',
  'nevertheless',
  'nonetheless',
  'however',
  'likewise',
  'also',
] as const;

/** Openings whose antecedent stands in another sentence: such a sentence is not quoted alone. */
export const DANGLING_OPENINGS = new Set(
  `this that these those it its they their them he his she her such here there then so or otherwise instead still next
   both another other others neither either same former latter above following previous aforementioned and but yet
   because which who whose where we've`.split(/\s+/),
);

/** `the X` openings that point back at something said before. */
export const DANGLING_DEFINITES = new Set(
  `result results former latter above following previous same second third other others first next last aforementioned
   authors author participants respondents present current reason answer difference latter's remaining rest resulting
   two three four five table figure section chapter example examples question problem idea experiment experiments
   proposed paper article study work exception opposite reverse various discrepancy`.split(/\s+/),
);

/** Words that turn an assertion round. */
export const NEGATIONS = new Set(
  `no not never neither nor none nothing nobody nowhere cannot without hardly barely scarcely unable fail fails failed
   failing lack lacks lacked lacking absent absence rather`.split(/\s+/),
);

/** Words that bound or hedge an assertion; a sentence without its "only" or "may" says something else. */
export const QUALIFIERS = new Set(
  `may might could would should can must only rarely seldom sometimes often usually generally mostly partly few some
   most many all every each any always unless except if whether about approximately roughly nearly almost least more
   less fewer up than if provided likely unlikely possibly perhaps probably suggests appear appears seem seems`.split(
    /\s+/,
  ),
);

/** Pairs of opposite directions; the left of each pair is "up", the right is "down". */
export const DIRECTIONS: ReadonlyArray<readonly [string, string]> = [
  ['increase', 'decrease'],
  ['increased', 'decreased'],
  ['increases', 'decreases'],
  ['increasing', 'decreasing'],
  ['increase', 'reduce'],
  ['increases', 'reduces'],
  ['increased', 'reduced'],
  ['raise', 'lower'],
  ['raises', 'lowers'],
  ['raised', 'lowered'],
  ['higher', 'lower'],
  ['high', 'low'],
  ['highest', 'lowest'],
  ['more', 'less'],
  ['more', 'fewer'],
  ['most', 'least'],
  ['better', 'worse'],
  ['best', 'worst'],
  ['improve', 'worsen'],
  ['improves', 'worsens'],
  ['improved', 'worsened'],
  ['improves', 'degrades'],
  ['improve', 'degrade'],
  ['improved', 'degraded'],
  ['improves', 'harms'],
  ['improve', 'harm'],
  ['improved', 'harmed'],
  ['improves', 'hurts'],
  ['improve', 'hurt'],
  ['larger', 'smaller'],
  ['large', 'small'],
  ['greater', 'smaller'],
  ['greater', 'less'],
  ['faster', 'slower'],
  ['longer', 'shorter'],
  ['stronger', 'weaker'],
  ['strong', 'weak'],
  ['above', 'below'],
  ['before', 'after'],
  ['reliable', 'unreliable'],
  ['stable', 'unstable'],
  ['significant', 'insignificant'],
  ['promote', 'inhibit'],
  ['promotes', 'inhibits'],
  ['promoted', 'inhibited'],
  ['activate', 'inhibit'],
  ['activates', 'inhibits'],
  ['upregulated', 'downregulated'],
  ['enhance', 'suppress'],
  ['enhances', 'suppresses'],
  ['positive', 'negative'],
  ['positively', 'negatively'],
  ['overestimate', 'underestimate'],
  ['overestimates', 'underestimates'],
  ['gain', 'loss'],
  ['rise', 'fall'],
  ['rises', 'falls'],
  ['rose', 'fell'],
  ['success', 'failure'],
  ['true', 'false'],
  ['agree', 'disagree'],
  ['with', 'without'],
];
