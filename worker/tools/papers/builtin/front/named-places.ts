/** Authors and institutions in one line: "JANE ROE, Inria, France", "Mei Lin and John Public, Acme Inc.; Ravi Rao, IBM". */
import { cleaned } from './affiliations.js';
import { isInstitution, isName, namesOf, type PrintedName, readPiece, splitList } from './names.js';
import { part, plainStretch, type Stretch } from './stretch.js';

export interface NamedPlace {
  names: PrintedName[];
  place: string;
}

const isCapitals = (name: string): boolean => /\p{Lu}{3}/u.test(name) && !/\p{Ll}{2}/u.test(name);

/** One group an institution; empty where the list does not begin with a name before an institution. */
export function namedPlaces(list: Stretch): NamedPlace[] {
  const groups: NamedPlace[] = [];
  let start = 0;
  for (const text of list.text.split(';')) {
    const group = groupOf(part(list, start, start + text.length));
    start += text.length + 1;
    if (group) groups.push(group);
    else if (groups.length === 0) return [];
  }
  return groups;
}

function groupOf(group: Stretch): NamedPlace | null {
  const pieces = splitList(group);
  const names = pieces.map(({ text }) => readPiece(text).name);
  const isSet = names[0] !== undefined && isCapitals(names[0]) && names.some((name) => /\p{Ll}{2}/u.test(name));
  const isOf = (name: string): boolean => name === '' || (isName(name) && (!isSet || isCapitals(name)));
  const end = names.findIndex((name) => !isOf(name));
  if (end <= 0) return null;
  let from = 0;
  for (const { text } of pieces.slice(0, end)) from = group.text.indexOf(text, from) + text.length;
  const place = cleaned(group.text.slice(from));
  if (!isSet && !isInstitution(place)) return null;
  return { names: namesOf(part(group, 0, from)), place };
}

export const beginsNamedPlace = (text: string): boolean => namedPlaces(plainStretch(text)).length > 0;
