/**
 * What a section is for, as its heading says it. Three things decide, in this order: a heading that is known as a whole
 * ("Materials and methods"), the role of the section that it is a part of, and single words that give it away ("Proposed
 * architecture"). A heading that says nothing, in a section that says nothing, is OTHER; `sectionRoles` then looks at what
 * stands around it. The words are English: other languages are OTHER.
 */
import type { SectionRole } from '../../../../src/papers/structured-paper.js';

interface RoleWords {
  role: SectionRole;
  whole?: RegExp; // the heading, without its number and end mark, is nothing else
  words?: RegExp; // somewhere in a heading that is no known one
}

/** The first that fits decides: back matter first, since its words ("data", "author") mean other things elsewhere. */
const ROLE_WORDS: readonly RoleWords[] = [
  {
    role: 'REFERENCES',
    whole:
      /^(?:references?(?: and notes| cited)?|bibliograph(?:y|ic references)|literature(?: cited)?|(?:works|sources) cited|further reading|r e f e r e n c e s)$/i,
  },
  {
    role: 'ABSTRACT',
    whole: /^(?:abstract|summary|synopsis|executive summary|lay summary|highlights?|a b s t r a c t)$/i,
  },
  {
    role: 'ACKNOWLEDGEMENTS',
    whole:
      /^(?:acknowledge?ments?(?: and .*)?|acknowledg(?:e|ing).{0,40}|funding(?: \p{L}+)*|sources? of funding|financial (?:support|disclosure)|grant (?:information|support)|(?:role|source) of the funding source)$/iu,
  },
  {
    role: 'APPENDIX',
    whole:
      /^(?:(?:online |technical )?appendi(?:x|ces)(?!\p{L}).*|annex(?:es)?(?: .{1,3}(?!\p{L}).*)?|(?:electronic )?supplement(?:ary|al|s)?(?: (?:data|materials?|information|files?|figures?|tables?|methods?))?|supporting (?:information|material|data)|additional (?:files?|data files)|online (?:resources?|content))$/iu,
  },
  {
    role: 'OTHER',
    whole:
      /^(?:(?:declarations? of |statement of )?(?:competing|conflict(?:ing|s)?(?: of)?) (?:financial )?interests?(?: .*)?|declarations?|disclosures?(?: statement)?|(?:credit )?author(?:s?[’']?s?)? (?:contributions?|details|information|affiliations|note)(?: statement)?|(?:author )?contributions?(?: of authors)?|contributors|abbreviations(?: .*)?|nomenclature|glossary|(?:data|code|software|materials?|resource)(?:,? (?:and|&) (?:data|code|software|materials?))* (?:availability|accessibility|sharing|archiving|deposition)(?: .*)?|availability (?:of|and) .*|ethics(?: (?:statement|approval|declarations?).*)?|consent (?:for|to) .*|trial (?:status|registration)|pre-?publication history|publisher[’']s note|provenance and peer review|(?:open )?peer review.*|rights and permissions|copyright.*|licen[cs]e|how to cite.*|citation|key ?words|index terms|orcid.*|contents|table of contents|about the authors?|biograph(?:y|ies)|correspondence|received|dedication|notes?|footnotes|endnotes|reporting summary|editor[’']s note|list of (?:figures|tables|symbols|abbreviations))$/iu,
  },
  {
    role: 'RELATED',
    whole:
      /^(?:background and )?(?:related|previous|prior|existing|earlier) (?:works?|research|studies|literature|approaches|methods)(?: .*)?$/i,
    words:
      /\b(?:related (?:works?|research|studies|literature)|literature (?:review|survey)|review of (?:the )?(?:literature|related)|state[- ]of[- ]the[- ]art|prior art)\b/i,
  },
  {
    role: 'CONCLUSION',
    whole:
      /^(?:conclusions?|conclusions?[ ,&/:–—-].*|concluding .*|(?:closing|final) (?:remarks?|thoughts|considerations)|summary[ ,&/].{0,4}(?:outlook|conclusions?|future|perspectives?|discussions?|remarks).*|outlook|(?:discussions?|limitations) (?:and|&) (?:conclusions?|future).*|(?:future|further) (?:work|directions?|research|developments?|plans)(?: .*)?|perspectives?|epilogue|take-?aways?|summary of (?:findings|contributions))$/i,
    words:
      /\b(?:conclu(?:sions?|ding)|outlook|future (?:work|directions?|research|prospects|perspectives|developments))\b/i,
  },
  {
    role: 'EVALUATION',
    whole:
      /^(?:(?:\p{L}+ )?results?(?: \p{L}+)*(?: (?:and|&) (?:\p{L}+ )?(?:discussions?|analys[ie]s|evaluation|findings|interpretation))?|(?:main |key )?findings(?: and discussion)?|(?:\p{L}+ )?(?:experiments?|evaluation)(?:,? (?:and|&) (?:results?|analys[ie]s|discussion|evaluation))?|experimental (?:results?|evaluation|study|studies|analys[ie]s|validation)(?: .*)?|empirical (?:results?|evaluation|stud(?:y|ies)|analys[ie]s)|numerical (?:results?|experiments?|examples?|studies)|ablations?(?: .*)?|case stud(?:y|ies)(?: .*)?|simulations?(?: (?:study|studies|results?))|benchmarks?|performance)$/iu,
    words:
      /\b(?:results?|findings|experiments?|experimental (?:set-?ups?|settings?)|evaluat(?:ion|ing)|ablations?|benchmark(?:s|ing)?|numerical examples?|case stud(?:y|ies)|performance|comparisons?|validation|empirical)\b/i,
  },
  {
    role: 'DISCUSSION',
    whole:
      /^(?:(?:general |further )?discussions?(?:[ ,&:].*)?|(?:study )?limitations?(?: .*)?|strengths? and (?:limitations?|weaknesses)(?: .*)?|(?:practical |clinical |policy |theoretical )?implications(?: .*)?|threats to validity|(?:broader|societal|social|ethical) (?:impacts?|considerations|statement)(?: statement)?|lessons learn(?:ed|t)|interpretation(?: .*)?|impact|caveats)$/i,
    words:
      /\b(?:discussions?|limitations|implications|threats to validity|strengths and weaknesses|lessons learn(?:ed|t))\b/i,
  },
  {
    role: 'TRAINING',
    whole:
      /^(?:(?:\p{L}+ )?(?:pre-?|post-?)?training(?: (?:and \p{L}+|details?|procedures?|process|set-?up|settings?|regime|schedule|strategy|objectives?|recipe|data|loss|methodology))?|(?:\p{L}+ ){0,2}fine-?tuning(?: .*)?|optimi[sz]ers?|regulari[sz]ation|hyper-?parameters?(?: .*)?|loss functions?|learning rate.*|hardware and schedule)$/iu,
    words:
      /\b(?:pre-?training|fine-?tuning|hyper-?parameters?|training (?:details?|procedure|setup|set-up|settings?|objectives?|regime|recipe|data|and)|model training|loss functions?)\b/i,
  },
  {
    role: 'METHOD',
    whole:
      /^(?:(?:(?:patients|subjects|participants|data|samples?|materials?),? (?:and|&) )?(?:materials?,? (?:and|&) )?(?:\p{L}+ )?(?:methods?|methodolog(?:y|ies)|procedures?)(?:(?:\/| (?:and|&) )(?:design|materials?|procedures?|data|protocols?))?|(?:(?:star|online|statistical|computational) )*methods|methods?\/design|methods? summary|experimental(?: (?:section|procedures?|methods?|part|details|designs?))?|(?:our |proposed |the )?(?:approach|method|model|system|framework|architecture|algorithm)|(?:study |research |trial )?design|implementation(?: details)?|model (?:architecture|description|specification)|study (?:design|protocol)|protocols?|(?:data |statistical )analys[ie]s|data (?:processing|preprocessing|preparation)|contents?)$/iu,
    words:
      /\b(?:methods?|methodolog(?:y|ical)|approach|models?|model(?:l?ing)|architectures?|algorithms?|implementation|procedures?|frameworks?|design|proposed|formulation|protocols?|pipeline|workflow|software|statistical|functionality|features|usage|instruments?|techniques?|estimation|measurement|analys[ie]s|calculat(?:ion|ing)|derivation|construction)\b/i,
  },
  {
    role: 'DATA',
    whole:
      /^(?:data|data ?sets?|corpus|corpora|materials?|samples?|participants?|patients|subjects|animals|specimens|respondents|(?:study |survey |experimental )?(?:area|site|sites|region|population|setting|cohort|sample|participants|subjects)|data (?:sources?|description|collection|acquisition)|inclusion.*|exclusion criteria|eligibility(?: criteria)?|recruitment(?: .*)?|(?:sample )?recruitment)$/i,
    words:
      /\b(?:data ?sets?|corpus|corpora|study (?:area|sites?|population|region)|data (?:sources?|collection|acquisition)|(?:inclusion|exclusion|eligibility) criteria)\b/i,
  },
  {
    role: 'BACKGROUND',
    whole:
      /^(?:(?:theoretical|technical|mathematical|conceptual|historical) (?:background|framework|foundations?|preliminaries|considerations)|preliminar(?:y|ies)(?: .*)?|notations?(?: and .*)?|(?:basic )?(?:theory|definitions|concepts|facts|notions)(?: and .*)?|prerequisites|assumptions|background (?:and|on|material|theory).*)$/i,
    words: /\b(?:preliminaries|notations?|background|foundations|assumptions|definitions|theor(?:y|etical))\b/i,
  },
  {
    role: 'PROBLEM',
    whole:
      /^(?:(?:general )?introduction(?:[ ,&:/].*)?|background|(?:aims?|objectives?|goals?|purpose|motivation|rationale|scope|hypothes[ie]s)(?: (?:and|of|for) .*)?|statement of need|problem (?:statement|definition|description|setting)|research (?:questions?|gap|problem)|overview|the problem)$/i,
    words:
      /\b(?:introduction|motivat(?:ion|ing)|problem|objectives?|goals?|aims?|research questions?|hypothes[ie]s|need)\b/i,
  },
];

/** Sections whose parts are theirs whatever they are called. */
const OWNS_ITS_PARTS: ReadonlySet<SectionRole> = new Set([
  'ABSTRACT',
  'REFERENCES',
  'APPENDIX',
  'ACKNOWLEDGEMENTS',
  'TRAINING',
]);
/** What a single word can say against the section that it is a part of. */
const WORDS_IN_PARTS: ReadonlySet<SectionRole> = new Set(['DATA', 'TRAINING', 'RELATED', 'CONCLUSION']);

/** `heading` as printed; `parent` is the role of the section one level up. */
export function sectionRole(heading: string, parent?: SectionRole): SectionRole {
  const words = withoutNumber(heading);
  const known = ROLE_WORDS.find(({ whole }) => whole?.test(words))?.role;
  if (parent === undefined || parent === 'OTHER') return known ?? saidBy(words) ?? 'OTHER';
  if (OWNS_ITS_PARTS.has(parent)) return parent;
  if (known !== undefined) return staysWith(parent, known, words) ? parent : known;
  const said = saidBy(words);
  return said !== undefined && WORDS_IN_PARTS.has(said) && parent !== 'DISCUSSION' ? said : parent;
}

const saidBy = (words: string): SectionRole | undefined => ROLE_WORDS.find((entry) => entry.words?.test(words))?.role;

/** "Design" in a chapter of results is still of the results; "Overview" introduces the section, not the paper. */
const staysWith = (parent: SectionRole, known: SectionRole, words: string): boolean =>
  known === 'PROBLEM' ||
  known === 'OTHER' ||
  (known === 'DATA' && parent === 'EVALUATION' && !/data|corp/i.test(words)) ||
  (known === 'DISCUSSION' && (parent === 'METHOD' || parent === 'DATA')) ||
  (known === 'METHOD' && parent !== 'PROBLEM') ||
  (known === 'EVALUATION' && parent === 'DISCUSSION');

const withoutNumber = (heading: string): string =>
  heading
    .replace(/\s+/g, ' ')
    .trim()
    .replace(
      /^(?:(?:section|chapter) )?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}(?=[. ])|[A-H](?:\.\d{1,2})*(?=[. ]))[.):]?\s+(?=\S)/iu,
      '',
    )
    .replace(/\s*[.:—–]+$/, '');

export interface LevelledHeading {
  heading: string;
  level: number; // 1 is top
}

/** Roles of a paper's headings, in order: each by its own words, by its section, and by where it stands. */
export function sectionRoles(headings: readonly LevelledHeading[]): SectionRole[] {
  const open: { level: number; role: SectionRole }[] = [];
  const isPart: boolean[] = [];
  const first = headings.findIndex(({ heading }) => sectionRole(heading) === 'PROBLEM');
  const hasNumbers = headings.some(({ heading }) => /^\d/.test(heading));
  const roles = headings.map(({ heading, level }, index) => {
    while ((open.at(-1)?.level ?? 0) >= level) open.pop();
    isPart[index] = open.length > 0;
    const own = sectionRole(heading, open.at(-1)?.role);
    const isAppended = hasNumbers && level === 1 && isLettered(heading);
    const role = isAppended ? 'APPENDIX' : isPart[index] ? own : byPosition(own, withoutNumber(heading), index);
    open.push({ level, role });
    return role;
  });
  return withUnnamed(headings, roles);

  function byPosition(own: SectionRole, words: string, index: number): SectionRole {
    const isAnnounced = first >= 0 && first < index;
    if (own === 'PROBLEM' && isAnnounced && /^background$/i.test(words)) return 'BACKGROUND';
    const isLate = index > 2 && (isAnnounced || index >= headings.length / 2);
    if (own === 'ABSTRACT' && isLate && /^summary$/i.test(words)) return 'CONCLUSION';
    return own;
  }
}

/** "A Proofs": sections are numbered, appendices lettered. */
const isLettered = (heading: string): boolean => /^[A-H](?:\.|(?= \p{Lu}))\s*\p{Lu}/u.test(heading);

const OPENING: ReadonlySet<SectionRole> = new Set(['PROBLEM', 'BACKGROUND', 'RELATED', 'ABSTRACT']);
const CLOSING: ReadonlySet<SectionRole> = new Set([
  'DISCUSSION',
  'CONCLUSION',
  'ACKNOWLEDGEMENTS',
  'REFERENCES',
  'APPENDIX',
]);

/** A section named after its subject is method before the results, and result among them. */
function withUnnamed(headings: readonly LevelledHeading[], roles: readonly SectionRole[]): SectionRole[] {
  const begun = roles.findIndex((role) => OPENING.has(role));
  const found = roles.findIndex((role, index) => role === 'EVALUATION' && index > begun);
  const closed = roles.findIndex((role, index) => CLOSING.has(role) && index > begun);
  if (begun < 0) return [...roles];
  const filled = [...roles];
  headings.forEach(({ heading }, index) => {
    const isSilent = roles[index] === 'OTHER' && sectionRole(heading) === 'OTHER' && !isNamedOther(heading);
    if (!isSilent || index <= begun || (closed >= 0 && index > closed)) return;
    if (found >= 0) filled[index] = index < found ? 'METHOD' : 'EVALUATION';
    else if (roles.includes('METHOD')) filled[index] = 'METHOD';
  });
  return filled;
}

const isNamedOther = (heading: string): boolean =>
  ROLE_WORDS.some(({ role, whole }) => role === 'OTHER' && whole?.test(withoutNumber(heading)));
