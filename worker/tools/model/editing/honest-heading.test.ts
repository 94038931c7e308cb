import { expect, it } from 'vitest';
import { honestHeading } from './honest-heading.js';

const SENTENCES = [
  'Green roofs retain rainwater in the growing medium.',
  'The growing medium retained 56% of the yearly rainfall, less than a lawn, and did not overflow.',
];
const heading = (raw: string) => honestHeading(raw, SENTENCES, 'How do green roofs cool buildings?');

it.each([
  ['Rainwater in the growing medium', 'Rainwater in the growing medium'],
  ['3. Cooling of buildings.', 'Cooling of buildings'],
  ['GREEN ROOFS AND RAINFALL', 'Green roofs and rainfall'],
])('lets “%s” stand as “%s”', (raw, printed) => expect(heading(raw)).toBe(printed));

it.each([
  ['a word from nowhere', 'Green roofs cure cancer'],
  ['an address', 'Visit http://evil.example'],
  ['a number', 'Retained 56 of rainfall'],
  ['a negation', 'Green roofs do not retain rainwater'],
  ['a comparison', 'Less rainfall retained'],
  ['a question', 'Do green roofs retain rainwater?'],
  ['markup', '<b>Rainwater</b>'],
  ['nothing of its own', 'Introduction'],
  ['a whole sentence', 'Green roofs retain rainwater in the growing medium and cool all the buildings'],
])('refuses %s', (_, raw) => expect(heading(raw)).toBeNull());
