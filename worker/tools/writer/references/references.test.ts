import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { FinishedSource } from '../finished-report.js';
import { citationKeys } from './citation-keys.js';
import { renderBibtex } from './render-bibtex.js';
import { renderCsl } from './render-csl.js';
import { splitName } from './split-name.js';

const source = (number: number, facts: Partial<FinishedSource> = {}): FinishedSource => ({
  number,
  sourceId: `source-${number}`,
  snapshotId: `snapshot-${number}`,
  snapshotSha256: String(number).repeat(64).slice(0, 64),
  title: 'The pooling of judgments',
  authors: ['Ellen M. Voorhees'],
  year: 2000,
  ...facts,
});

const PUBLISHED = { venue: 'Runoff & Roofs', doi: '10.1000/a_b', arxivId: null, url: 'https://example.org/a b?c=%20' };

describe('citation keys', () => {
  it('say who, when and about what, in ASCII', () => {
    const keys = citationKeys([
      source(1),
      source(2, { authors: ['José Ñandú'], title: 'Über das Gründach', year: null }),
    ]);
    expect([...keys.values()]).toEqual(['voorhees2000pooling', 'nanduuber']);
  });

  it('differ for sources that would be called the same, whatever their order', () => {
    const [a, b] = [source(1), source(2)];
    const [one, other] = [citationKeys([a, b]), citationKeys([b, a])];
    expect(new Set(one.values()).size).toBe(2);
    expect(other.get('source-1')).toBe(one.get('source-1'));
    expect(other.get('source-2')).toBe(one.get('source-2'));
  });

  it('differ even for one text that is listed twice, and exist without author, year or word', () => {
    const same = { snapshotSha256: 'a'.repeat(64), authors: [], year: null, title: '🌿' };
    const keys = [...citationKeys([source(1, same), source(2, same)]).values()];
    expect(new Set(keys).size).toBe(2);
    expect(keys.every((key) => /^anon[a-z0-9-]*$/u.test(key))).toBe(true);
  });
});

describe.each([
  ['Ellen M. Voorhees', { family: 'Voorhees', given: 'Ellen M.', suffix: '' }],
  ['Voorhees, Ellen M.', { family: 'Voorhees', given: 'Ellen M.', suffix: '' }],
  ['Ludwig van der Berg', { family: 'van der Berg', given: 'Ludwig', suffix: '' }],
  ['Martin L. King Jr.', { family: 'King', given: 'Martin L.', suffix: 'Jr.' }],
  ['Plato', { family: 'Plato', given: '', suffix: '' }],
  ['World Health Organization', { family: 'World Health Organization', given: '', suffix: '' }],
])('the name %s', (name, parts) => {
  it('is taken apart', () => expect(splitName(name)).toEqual(parts));
});

describe('references.bib', () => {
  it('has an entry for each source', () => {
    expect(renderBibtex({ sources: [source(1, { published: PUBLISHED })] })).toBe(`@article{voorhees2000pooling,
  title = {{The pooling of judgments}},
  author = {Voorhees, Ellen M.},
  year = {2000},
  journal = {Runoff \\& Roofs},
  doi = {10.1000/a_b},
  url = {https://example.org/a%20b?c=%20},
  note = {Snapshot sha256 ${'1'.repeat(64)}},
}
`);
  });

  it('lets no title, name or address end a field or begin an entry', () => {
    const evil = '}, author = {Mallory}}\n@book{evil, title = {x} \\input{y} 5% $1 & #_~^';
    const bib = renderBibtex({
      sources: [
        source(1, {
          title: evil,
          authors: [evil, 'Tom and Jerry'],
          published: { venue: evil, doi: evil, arxivId: evil, url: evil },
        }),
      ],
    });
    expect(bib.match(/^@/gmu)).toHaveLength(1);
    let depth = 0; // as BibTeX counts: a backslash before a brace changes nothing
    for (const line of bib.trimEnd().split('\n').slice(1, -1)) {
      for (const character of line) {
        if (character === '{') depth += 1;
        if (character === '}') depth -= 1;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
    }
    expect(bib).toContain('{Tom and Jerry}');
  });
});

/** The part of CSL's data schema that matters here: what is required, and that nothing else stands in it. */
const NAME = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(['family', 'given', 'suffix', 'literal'].map((key) => [key, { type: 'string' }])),
};
const TEXTS = ['id', 'title', 'container-title', 'DOI', 'URL', 'number', 'note'];
const CSL = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'type'],
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(TEXTS.map((key) => [key, { type: 'string' }])),
      type: { enum: ['article-journal', 'article', 'document'] },
      author: { type: 'array', items: NAME },
      issued: {
        type: 'object',
        additionalProperties: false,
        required: ['date-parts'],
        properties: { 'date-parts': { type: 'array', items: { type: 'array', items: { type: 'integer' } } } },
      },
    },
  },
};

describe('references.csl.json', () => {
  it('is what CSL’s data schema asks for, with and without facts', () => {
    const bareFacts = { authors: [], year: null };
    const items = renderCsl({
      sources: [
        source(1, { published: PUBLISHED }),
        source(2, { ...bareFacts, published: { venue: null, doi: null, arxivId: '1706.03762', url: null } }),
        source(3, { authors: ['Plato', 'Martin L. King Jr.'] }),
      ],
    });
    const valid = new Ajv().compile(CSL);
    expect(valid(items), JSON.stringify(valid.errors)).toBe(true);
    expect(items.map(({ type }) => type)).toEqual(['article-journal', 'article', 'document']);
    expect(items[0]).toMatchObject({ DOI: '10.1000/a_b', issued: { 'date-parts': [[2000]] } });
    expect(items[2]?.author?.[0]).toEqual({ literal: 'Plato' });
  });

  it('has the keys of references.bib, and no markup of a source’s own', () => {
    const sources = [source(1, { title: '<i>Roofs</i> & <script>' }), source(2)];
    const items = renderCsl({ sources });
    expect(items.map(({ id }) => id)).toEqual([...citationKeys(sources).values()]);
    expect(items[0]?.title).not.toMatch(/<[/\w]/u);
  });
});
