import { describe, expect, it } from 'vitest';
import { declaredMatter } from './declared-matter.js';

describe('declaredMatter', () => {
  it('reads authors with their affiliations by number', () => {
    const matter = declaredMatter(
      [
        "title: 'Drift: a package'",
        'tags:',
        '  - Python',
        '  - buoys',
        'authors:',
        '  - name: Jane A. Roe',
        '    orcid: 0000-0001-2345-6789',
        '    affiliation: "1, 2" # both',
        '  - given-names: Mei',
        '    surname: Lin',
        '    affiliation: 2',
        'affiliations:',
        ' - name: University of Exampleton, Norway',
        '   index: 1',
        ' - name: Institute of Samples',
        '   index: 2',
        'date: 3 May 2019',
        'bibliography: paper.bib',
      ].join('\n'),
    );
    expect(matter).toMatchObject({ title: 'Drift: a package', year: 2019, keywords: ['Python', 'buoys'], doi: null });
    expect(matter.authors).toEqual([
      {
        name: 'Jane A. Roe',
        orcid: '0000-0001-2345-6789',
        email: null,
        affiliations: ['University of Exampleton, Norway', 'Institute of Samples'],
      },
      { name: 'Mei Lin', orcid: null, email: null, affiliations: ['Institute of Samples'] },
    ]);
  });

  it('reads plain lists and a folded abstract', () => {
    const matter = declaredMatter(
      'author: [Jane Roe, John Public]\nabstract: |\n  We show\n  that it drifts.\nkeywords: [drift, sea]\ndoi: https://doi.org/10.5555/ABC',
    );
    expect(matter.authors.map(({ name }) => name)).toEqual(['Jane Roe', 'John Public']);
    expect(matter).toMatchObject({
      abstract: 'We show that it drifts.',
      keywords: ['drift', 'sea'],
      doi: '10.5555/abc',
    });
  });

  it.each(['', ':::', '- - - -', 'a:\n  b:\n    c: 1', '[', 'author:\n- name:'])('makes nothing of %j', (yaml) => {
    expect(declaredMatter(yaml)).toMatchObject({ title: null, authors: [], abstract: null, year: null });
  });
});
