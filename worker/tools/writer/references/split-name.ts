/** An author's name as reference managers want it: in parts where it has them, whole where it is an institution's. */

export interface NameParts {
  /** With its particle: "van der Berg". The whole name when `given` is empty. */
  family: string;
  given: string;
  suffix: string;
}

const SUFFIX = /^(?:Jr|Sr|II|III|IV)\.?$/u;
const PARTICLE = /^(?:van|von|der|den|de|di|da|du|del|della|dos|la|le|ten|ter|zu|zur|al|el|bin|ibn)$/u;
const INSTITUTION =
  /\b(?:University|Institute|Consortium|Collaboration|Committee|Association|Organi[sz]ation|Agency|Ministry|Department|Group|Team|Society|Council|Foundation|Inc|Ltd|GmbH)\b/u;

/** "Ellen M. Voorhees" and "Voorhees, Ellen M." alike; one word, or an institution, is a family name without more. */
export function splitName(name: string): NameParts {
  const clean = name.replace(/\s+/gu, ' ').trim();
  if (INSTITUTION.test(clean)) return { family: clean, given: '', suffix: '' };
  const [before = '', ...after] = clean.split(/\s*,\s*/u);
  if (after.length > 0) {
    const suffix = after.find((part) => SUFFIX.test(part)) ?? '';
    return { family: before, given: after.filter((part) => part !== suffix).join(' '), suffix };
  }
  const words = clean.split(' ');
  const suffix = words.length > 2 && SUFFIX.test(words.at(-1) ?? '') ? (words.pop() ?? '') : '';
  const particle = words.findIndex((word, index) => index > 0 && index < words.length - 1 && PARTICLE.test(word));
  const split = particle > 0 ? particle : words.length - 1;
  return { family: words.slice(split).join(' '), given: words.slice(0, split).join(' '), suffix };
}
