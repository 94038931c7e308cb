/**
 * The words of a piece of LaTeX: accents, dashes and symbols become characters, citations their keys in brackets, formulas
 * linear text; a macro that is not known gives way to its arguments. Linear in the length of the source.
 */
import { groupAt, optionAt } from './tex-source.js';

const ACCENTS: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030c',
  H: '\u030b',
  u: '\u0306',
  r: '\u030a',
  k: '\u0328',
  d: '\u0323',
};

const WORDS: Record<string, string> = Object.fromEntries(
  (
    'ss:ß ae:æ AE:Æ oe:œ OE:Œ o:ø O:Ø l:ł L:Ł aa:å AA:Å i:i j:j S:§ P:¶ copyright:© ldots:… dots:… textellipsis:… cdots:⋯ ' +
    'textendash:– textemdash:— textquoteleft:‘ textquoteright:’ textquotedblleft:“ textquotedblright:” textbackslash:\\ ' +
    'textasciitilde:~ textdegree:° degree:° pounds:£ euro:€ textmu:µ TeX:TeX LaTeX:LaTeX BibTeX:BibTeX slash:/ ' +
    'alpha:α beta:β gamma:γ delta:δ epsilon:ε varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι kappa:κ lambda:λ mu:μ nu:ν ' +
    'xi:ξ pi:π rho:ρ sigma:σ tau:τ upsilon:υ phi:φ varphi:φ chi:χ psi:ψ omega:ω Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π ' +
    'Sigma:Σ Phi:Φ Psi:Ψ Omega:Ω times:× cdot:· pm:± mp:∓ leq:≤ le:≤ geq:≥ ge:≥ neq:≠ ne:≠ approx:≈ sim:∼ simeq:≃ equiv:≡ ' +
    'll:≪ gg:≫ propto:∝ infty:∞ sum:∑ prod:∏ int:∫ partial:∂ nabla:∇ sqrt:√ in:∈ notin:∉ subset:⊂ subseteq:⊆ cup:∪ cap:∩ ' +
    'forall:∀ exists:∃ to:→ rightarrow:→ leftarrow:← Rightarrow:⇒ mapsto:↦ circ:° prime:′ ell:ℓ hbar:ℏ langle:⟨ rangle:⟩ ' +
    'lt:< gt:> vert:| mid:| Vert:‖ ast:∗ star:⋆ dagger:† ddagger:‡ bullet:• max:max min:min log:log exp:exp sin:sin cos:cos ' +
    'lim:lim arg:arg Pr:Pr det:det'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** Macros that leave nothing, with how many groups they take along. */
const SILENT: Record<string, number> = Object.fromEntries(
  (
    'label:1 vspace:1 hspace:1 includegraphics:1 index:1 thanks:1 footnote:1 footnotetext:1 footnotemark:0 bibliographystyle:1 ' +
    'pagestyle:1 thispagestyle:1 setcounter:2 addtocounter:2 setlength:2 addtolength:2 usepackage:1 documentclass:1 newcommand:2 ' +
    'renewcommand:2 providecommand:2 newtheorem:2 input:1 include:1 bibliography:1 color:1 textcolor:1 colorbox:1 fontsize:2 ' +
    'hypersetup:1 rule:2 resizebox:2 scalebox:1 raisebox:1 phantom:1 hphantom:1 vphantom:1 nocite:1 graphicspath:1 todo:1 ' +
    'IEEEPARstart:0 cellcolor:1 rowcolor:1 cline:1 cmidrule:1 addcontentsline:3 DeclareMathOperator:2 definecolor:3 ' +
    'inst:1 orcid:1 orcidID:1 corref:1 fnref:1 tnoteref:1 altaffilmark:1 bstctlcite:1 let:0 newline:0'
  )
    .split(' ')
    .map((entry) => entry.split(':'))
    .map(([name, count]) => [name, Number(count)]),
);

const CITE = /^(?:[a-zA-Z]*cite[a-zA-Z]*)$/;
const REFERENCE = /^(?:eq|auto|c|C|v|name|page)?ref$/;

export function plainTex(source: string): string {
  return tidied(converted(source));
}

const tidied = (text: string): string =>
  text
    .replace(/---/g, '—')
    .replace(/--/g, '–')
    .replace(/``/g, '“')
    .replace(/''/g, '”')
    .replace(/`/g, '‘')
    .replace(/(?<=[\p{L}\p{N}.,!?)])'/gu, '’')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;:!?)\]])/g, '')
    .normalize('NFC')
    .trim();

const MAX_NESTING = 20; // arguments within arguments; deeper ones stay as they are written

function converted(source: string, depth = 0): string {
  if (depth > MAX_NESTING) return source;
  let text = '';
  let index = 0;
  let isMath = false;
  while (index < source.length) {
    const char = source[index] ?? '';
    if (char === '\\') {
      const step = command(source, index, isMath, depth);
      text += step.text;
      index = step.end;
    } else if (char === '$') {
      isMath = !isMath;
      index += source[index + 1] === '$' ? 2 : 1;
    } else if ((char === '^' || char === '_') && isMath) {
      const group = groupAt(source, index + 1);
      const script = group ? converted(`$${group.text}$`, depth + 1) : (source[index + 1] ?? '');
      text += scriptOf(char, script.trim());
      index = group ? group.end : index + (script === '\\' ? 1 : 2);
    } else {
      text += char === '{' || char === '}' ? '' : char === '~' ? ' ' : char;
      index += 1;
    }
  }
  return text;
}

const SCRIPTS: Record<string, string> = { '^': '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻', _: '₀₁₂₃₄₅₆₇₈₉₊₋' };

const scriptOf = (mark: string, script: string): string =>
  /^[\d+-]+$/.test(script)
    ? [...script].map((char) => (SCRIPTS[mark] ?? '').charAt('0123456789+-'.indexOf(char))).join('')
    : script === '°' || script === '′'
      ? script
      : `${mark}${script}`;

/** What the macro at `index` reads as, and where it ends. */
function command(source: string, index: number, isMath: boolean, depth: number): { text: string; end: number } {
  const name = /^[A-Za-z]+\*?/.exec(source.slice(index + 1, index + 41))?.[0] ?? source[index + 1] ?? '';
  const after = index + 1 + name.length;
  const accent = ACCENTS[name];
  if (accent !== undefined && !isMath) return accented(source, after, accent, depth + 1);
  if (/^[%&#_{}$]$/.test(name)) return { text: name, end: after };
  if (/^[()[\]]$/.test(name)) return { text: '', end: after };
  if (/^[,;:! \\/-]$/.test(name)) {
    const end = name === '\\' ? (optionAt(source, after)?.end ?? after) : after;
    return { text: name === '-' || name === '/' || name === '!' ? '' : ' ', end };
  }
  const bare = name.replace(/\*$/, '');
  const word = WORDS[bare];
  if (word !== undefined) return { text: word, end: gobbled(source, after, isMath) };
  if (CITE.test(bare)) return cited(source, after);
  if (REFERENCE.test(bare)) return reference(source, after);
  if (bare === 'href') return { text: '', end: groupAt(source, after)?.end ?? after };
  if (bare === 'frac' || bare === 'dfrac' || bare === 'tfrac') return fraction(source, after, depth + 1);
  const silent = SILENT[bare];
  if (silent !== undefined) return { text: '', end: afterArguments(source, after, silent) };
  return { text: ' ', end: afterOption(source, after) }; // its groups follow, and are read for themselves
}

/** A macro takes the space after it. In formulas space says nothing; in text "\ss " ends the macro. */
const gobbled = (source: string, after: number, isMath: boolean): number =>
  !isMath && source[after] === ' ' && source[after + 1] !== ' '
    ? after + 1
    : source.startsWith('{}', after)
      ? after + 2
      : after;

function accented(source: string, after: number, accent: string, depth: number): { text: string; end: number } {
  const group = groupAt(source, after);
  if (group) {
    const inner = converted(group.text, depth);
    return { text: (inner.slice(0, 1) + accent + inner.slice(1)).normalize('NFC'), end: group.end };
  }
  const letter = /^\s*(?:\\([ij])(?![A-Za-z])|(\p{L}))/u.exec(source.slice(after, after + 8));
  if (!letter) return { text: '', end: after };
  return { text: `${letter[1] ?? letter[2]}${accent}`.normalize('NFC'), end: after + letter[0].length };
}

function cited(source: string, after: number): { text: string; end: number } {
  const first = optionAt(source, after);
  const second = first && optionAt(source, first.end);
  const keys = groupAt(source, second?.end ?? first?.end ?? after);
  if (!keys) return { text: '', end: after };
  const list = keys.text
    .split(',')
    .map((key) => key.trim())
    .join(', ');
  return { text: `[${list}]`, end: keys.end };
}

function reference(source: string, after: number): { text: string; end: number } {
  const label = groupAt(source, after);
  return label ? { text: label.text, end: label.end } : { text: '', end: after };
}

function fraction(source: string, after: number, depth: number): { text: string; end: number } {
  const top = groupAt(source, after);
  const bottom = top && groupAt(source, top.end);
  if (!top || !bottom) return { text: '', end: after };
  const [above, below] = [top.text, bottom.text].map((part) => converted(`$${part}$`, depth).trim());
  const braced = (part = '') => (/^[\p{L}\p{N}.]+$/u.test(part) ? part : `(${part})`);
  return { text: `${braced(above)}/${braced(below)}`, end: bottom.end };
}

function afterOption(source: string, after: number): number {
  return source[after] === '[' ? (optionAt(source, after)?.end ?? after) : after;
}

function afterArguments(source: string, after: number, count: number): number {
  let end = afterOption(source, after);
  for (let number = 0; number < count; number++) end = groupAt(source, end)?.end ?? end;
  return end;
}
