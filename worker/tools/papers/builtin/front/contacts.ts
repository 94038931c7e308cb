/** E-mail addresses and ORCIDs of a page, and whose they are. */

const ADDRESS =
  /(?:\{([^{}@]{1,200})\}|\(([^()@]{1,200})\)|([\p{L}\d._%+-]{1,64}))\s?@\s?([\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+)/gu;

/** Every address; "{a,b}@x.edu" is two. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(ADDRESS)].flatMap((match) => {
    const locals = (match[1] ?? match[2] ?? match[3] ?? '').split(/[\s,;|]+/).filter((local) => local !== '');
    return locals.map((local) => `${local}@${match[4]}`);
  });
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/ł/gi, 'l')
    .replace(/[øö]/gi, 'o')
    .toLowerCase()
    .replace(/[^a-z ]/g, '');

/** How well an address's local part spells the name, 0 where it does not. */
export function spells(address: string, name: string): number {
  const local = plain(address.split('@')[0] ?? '');
  const words = plain(name.replace(/[-.]/g, ' '))
    .split(' ')
    .filter((word) => word !== '');
  const family = words.at(-1) ?? '';
  const given = words[0] ?? '';
  const initials = words.map((word) => word.charAt(0)).join('');
  if (family.length > 2 && local.includes(family))
    return local.includes(given) || local.startsWith(given.charAt(0)) ? 4 : 3;
  if (given.length > 2 && local.includes(given)) return 2.5;
  if (words.some((word) => word.length > 3 && local.includes(word))) return 2;
  if (local.length >= 2 && (local === initials || local.startsWith(initials))) return 1.5;
  return local.length > 3 && family.length > 4 && local.includes(family.slice(0, 5)) ? 1 : 0;
}

const ORCID = /\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b(?:\s*\(([^)]+)\))?/g;

export interface FoundOrcid {
  orcid: string;
  near: string; // the name in brackets after it, or what stands before it
}

export function orcidsIn(text: string): FoundOrcid[] {
  return [...text.matchAll(ORCID)].map((match) => ({
    orcid: match[1] ?? '',
    near: match[2] ?? text.slice(Math.max(0, match.index - 80), match.index),
  }));
}
