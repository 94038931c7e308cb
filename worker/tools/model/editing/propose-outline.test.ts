import { describe, expect, it } from 'vitest';
import { planOutline } from '../../writer/outline.js';
import { ROOF_QUESTION, roofLibrary } from '../../writer/roof-library.fixture.js';
import { applyOutline, outlineQuestion } from './propose-outline.js';

const { snippets } = roofLibrary();
const planned = planOutline(ROOF_QUESTION, snippets);
const plannedIds = planned.sections.map(({ evidence }) => evidence ?? []);
/** The plan's own groups under headings of words they share with the question. */
const HEADINGS = ['Rainwater on roofs', 'Green roofs and buildings', 'Green roofs', 'Buildings', 'Roofs', 'Rainwater'];
const regrouped = plannedIds.map((sentences, index) => ({ heading: HEADINGS[index] ?? 'Roofs', sentences }));
const apply = (sections: { heading: string; sentences: string[] }[]) => applyOutline(planned, { sections }, snippets);

describe('an outline that a model proposes', () => {
  it('is of sentences that were shown to it, within the size of a call', () => {
    const { data, task } = outlineQuestion(planned, snippets);
    expect(data.sentences.map(({ id }) => id).sort()).toEqual(plannedIds.flat().sort());
    expect(data.sentences.every(({ text }) => text.length > 0)).toBe(true);
    expect(Buffer.byteLength(task + JSON.stringify(data))).toBeLessThan(32_000);
  });

  it('takes headings and order, keeps each section’s clause, and uses a sentence once', () => {
    const twice = regrouped.map((section) => ({ ...section, sentences: [...section.sentences, ...plannedIds.flat()] }));
    const applied = apply(regrouped);
    expect(applied?.sections.map(({ facet }) => facet)).toEqual(planned.sections.map(({ facet }) => facet));
    expect(applied?.sections[0]?.heading).toBe('Rainwater on roofs');
    const used = (apply(twice) ?? applied)?.sections.flatMap(({ evidence }) => evidence ?? []) ?? [];
    expect(new Set(used).size).toBe(used.length);
  });

  it('is not used when it hides half of the sentences, or a clause that is answered', () => {
    expect(apply(regrouped.map((section) => ({ ...section, sentences: section.sentences.slice(0, 1) })))).toBeNull();
    const [facet] = planned.sections.map((section) => section.facet);
    const one = regrouped.filter((_, index) => planned.sections[index]?.facet === facet);
    expect(new Set(planned.sections.map((section) => section.facet)).size).toBeGreaterThan(1);
    expect(apply(one)).toBeNull();
  });

  it('is not used when its ids are made up', () => {
    expect(
      apply(regrouped.map(({ heading }) => ({ heading, sentences: ['ffffffffffff', 'eeeeeeeeeeee'] }))),
    ).toBeNull();
  });
});
