import { describe, expect, it } from 'vitest';
import { parseEntries } from './parse-entry.js';

/** One list in one style; what each entry must give, in order. */
interface Style {
  name: string;
  entries: [text: string, title: string | null, authors: string[], year: number | null, venue?: string | null][];
}

const STYLES: Style[] = [
  {
    name: 'Vancouver',
    entries: [
      [
        'Okafor CN, Lindqvist E, de Souza PR. Night shifts and recovery in ward nurses: a cohort study. Int J Nurs Stud. 2014;51(3):412–20.',
        'Night shifts and recovery in ward nurses: a cohort study',
        ['Okafor CN', 'Lindqvist E', 'de Souza PR'],
        2014,
        'Int J Nurs Stud',
      ],
      [
        'World Health Organization. Guidelines on hand hygiene. Geneva: World Health Organization; 2009.',
        'Guidelines on hand hygiene',
        ['World Health Organization'],
        2009,
      ],
      [
        'van der Berg T, Müller-Haas K, et al. Does rest matter? A trial. BMJ. 2011;343:d4002.',
        'Does rest matter? A trial',
        ['van der Berg T', 'Müller-Haas K'],
        2011,
        'BMJ',
      ],
      [
        'Petrov AS. Recovery curves. In: Hall J, Ito M, editors. Handbook of fatigue. 2nd ed. London: Sage; 2005. p. 33–58.',
        'Recovery curves',
        ['Petrov AS'],
        2005,
      ],
    ],
  },
  {
    name: 'BMC before 2015, a colon after the authors',
    entries: [
      [
        'Adeyemi O, Franks L: Water points in peri-urban districts: who pays? Water Policy 2008, 10(4):301–315.',
        'Water points in peri-urban districts: who pays?',
        ['Adeyemi O', 'Franks L'],
        2008,
        'Water Policy',
      ],
      ['Costa M, et al: Tariffs and access. Util Policy 2010, 18:77–85.', 'Tariffs and access', ['Costa M'], 2010],
      ['Yılmaz B: Metering households. J Infrastruct Syst 2003, 9:12–19.', 'Metering households', ['Yılmaz B'], 2003],
    ],
  },
  {
    name: 'APA',
    entries: [
      [
        'Nwosu, J. A., & Håkansson, B. (2019). Learning to estimate: Three classroom studies. Journal of Numeracy, 12(2), 45–61. https://doi.org/10.5555/jn.2019.0042',
        'Learning to estimate: Three classroom studies',
        ['Nwosu, J. A.', 'Håkansson, B.'],
        2019,
        'Journal of Numeracy',
      ],
      [
        'García Márquez, L., Wei, X.-Y., & O’Brien, K. (2021). What do pupils count? In T. Bell (Ed.), Counting in schools (pp. 10–29). Harbour Press.',
        'What do pupils count?',
        ['García Márquez, L.', 'Wei, X.-Y.', 'O’Brien, K.'],
        2021,
      ],
      [
        'R Core Team. (2022). R: A language and environment for statistical computing. R Foundation. https://www.R-project.org/',
        'R: A language and environment for statistical computing',
        ['R Core Team'],
        2022,
      ],
      [
        'Brandt, H. (2010). Measurement in practice (3rd ed.). Northgate.',
        'Measurement in practice',
        ['Brandt, H.'],
        2010,
      ],
      [
        'Silva, M. (in press). Number lines revisited. Cognition & Number.',
        'Number lines revisited',
        ['Silva, M.'],
        null,
      ],
    ],
  },
  {
    name: 'plainnat',
    entries: [
      [
        'Mei-Ling Zhou and Pablo Ortega. Sparse gates: A method for cheaper routing. In ICML, 2018.',
        'Sparse gates: A method for cheaper routing',
        ['Mei-Ling Zhou', 'Pablo Ortega'],
        2018,
        'ICML',
      ],
      [
        'Anna B. Kovács, Jürgen van den Hof, and Wen Li. On the depth of trees. arXiv preprint arXiv:1804.01234, 2018.',
        'On the depth of trees',
        ['Anna B. Kovács', 'Jürgen van den Hof', 'Wen Li'],
        2018,
      ],
      [
        'Priya Raman. Small models, large corpora. Computational Linguistics, 41(2):203–230, 2015.',
        'Small models, large corpora',
        ['Priya Raman'],
        2015,
        'Computational Linguistics',
      ],
      [
        'John Q. Abel, Lu Xu, et al. Routing without heads. In Proceedings of the 8th Workshop on Routing, pages 1990–1998, 2016.',
        'Routing without heads',
        ['John Q. Abel', 'Lu Xu'],
        2016,
      ],
    ],
  },
  {
    name: 'IEEE',
    entries: [
      [
        'K. Tanaka and R. M. Osei, “Low-power relays for dense meshes,” IEEE Trans. Mobile Comput., vol. 14, no. 3, pp. 501–514, Mar. 2015.',
        'Low-power relays for dense meshes',
        ['K. Tanaka', 'R. M. Osei'],
        2015,
      ],
      [
        'L. Fernández, J.-P. Roux, and S. Das, “Who wakes first?” in Proc. 9th Int. Conf. Sensor Netw., Lyon, France, 2012, pp. 88–97.',
        'Who wakes first?',
        ['L. Fernández', 'J.-P. Roux', 'S. Das'],
        2012,
      ],
      ['B. Novak, Embedded Radios, 2nd ed. New York, NY, USA: Wiley, 2009.', 'Embedded Radios', ['B. Novak'], 2009],
      ['“The mesh project,” 2011. [Online]. Available: http://mesh.example.org/docs', 'The mesh project', [], 2011],
    ],
  },
  {
    name: 'ACM',
    entries: [
      [
        'Hana Sato and Luis Prieto. 2017. Faster joins on skewed keys. In Proceedings of the 12th Conference on Data Systems (CDS ’17). ACM, New York, NY, 101–112. https://doi.org/10.5555/cds.17',
        'Faster joins on skewed keys',
        ['Hana Sato', 'Luis Prieto'],
        2017,
      ],
      [
        'Omar Khalil. 2014. Hashing in practice. ACM Trans. Database Syst. 39, 2, Article 11 (2014), 28 pages.',
        'Hashing in practice',
        ['Omar Khalil'],
        2014,
      ],
      [
        'Eva Lund, Tom Reed, and Ji-ho Park. 2020. Skew. PVLDB 13, 5 (2020), 601–614.',
        'Skew',
        ['Eva Lund', 'Tom Reed', 'Ji-ho Park'],
        2020,
      ],
    ],
  },
  {
    name: 'Springer LNCS',
    entries: [
      [
        'Becker, F., Okoye, N.: Proof search with hints. In: Marsh, P. (ed.) ITP 2013. LNCS, vol. 7998, pp. 101–116. Springer, Heidelberg (2013)',
        'Proof search with hints',
        ['Becker, F.', 'Okoye, N.'],
        2013,
      ],
      [
        'Ivanova, D.: A calculus of contexts. J. Symb. Comput. 44(2), 119–134 (2009)',
        'A calculus of contexts',
        ['Ivanova, D.'],
        2009,
      ],
      [
        'Stone, R., de Vries, M., Chu, L.: Types for Builders. Cambridge University Press, Cambridge (2002)',
        'Types for Builders',
        ['Stone, R.', 'de Vries, M.', 'Chu, L.'],
        2002,
      ],
    ],
  },
  {
    name: 'Elsevier, numbered',
    entries: [
      [
        'P. Rossi, H. Chen, Drying of thin films under shear, Chem. Eng. Sci. 61 (2006) 1123–1131.',
        'Drying of thin films under shear',
        ['P. Rossi', 'H. Chen'],
        2006,
      ],
      [
        'M.K. Singh, A. Björk, T. Wu, Cracks in layered coatings: a review, Prog. Org. Coat. 102 (2017) 14–29.',
        'Cracks in layered coatings: a review',
        ['M.K. Singh', 'A. Björk', 'T. Wu'],
        2017,
      ],
      [
        'D. Hart, Stress and flow in pastes, J. Rheol. 40 (1996) 405–420.',
        'Stress and flow in pastes',
        ['D. Hart'],
        1996,
      ],
    ],
  },
  {
    name: 'Elsevier, names and years',
    entries: [
      [
        'Aguilar, R., Smith, T.J., 2005. Soil respiration after burning. Soil Biol. Biochem. 37, 1801–1809.',
        'Soil respiration after burning',
        ['Aguilar, R.', 'Smith, T.J.'],
        2005,
      ],
      [
        'Nakagawa, Y., 2011. Charcoal in boreal soils: how much stays? Geoderma 162, 95–103.',
        'Charcoal in boreal soils: how much stays?',
        ['Nakagawa, Y.'],
        2011,
      ],
      [
        'Dubois, P., Lefèvre, C., Martin, A., 1998. Fire regimes of the coast. Ecol. Model. 110, 1–14.',
        'Fire regimes of the coast',
        ['Dubois, P.', 'Lefèvre, C.', 'Martin, A.'],
        1998,
      ],
    ],
  },
  {
    name: 'AMS',
    entries: [
      [
        'A. Moreau and S. Takeda, Rational points on quartic surfaces, Compos. Math. 142 (2006), no. 3, 601–622.',
        'Rational points on quartic surfaces',
        ['A. Moreau', 'S. Takeda'],
        2006,
      ],
      ['N. Feld, A note on heights, J. Number Theory 88 (2001), 1–9.', 'A note on heights', ['N. Feld'], 2001],
      [
        'J. L. Ortiz, Lectures on abelian varieties, Graduate Texts in Mathematics, vol. 77, Springer-Verlag, New York, 1981.',
        'Lectures on abelian varieties',
        ['J. L. Ortiz'],
        1981,
      ],
    ],
  },
  {
    name: 'Harvard',
    entries: [
      [
        "Mensah, K. and Frost, D. (2012) 'Street vendors and the by-laws', Urban Studies, 49(5), pp. 1021–1040.",
        'Street vendors and the by-laws',
        ['Mensah, K.', 'Frost, D.'],
        2012,
        'Urban Studies',
      ],
      [
        'Lopes, A. (2007) Markets and their margins. London: Routledge.',
        'Markets and their margins',
        ['Lopes, A.'],
        2007,
      ],
      [
        "Singh, P., Rao, V. and Iyer, S. (2015) 'Licensing on the pavement', Cities, 42, pp. 7–15.",
        'Licensing on the pavement',
        ['Singh, P.', 'Rao, V.', 'Iyer, S.'],
        2015,
      ],
    ],
  },
  {
    name: 'MLA',
    entries: [
      [
        'Delgado, María. “The Silence of Orchards.” Modern Prose, vol. 18, no. 2, 2013, pp. 55–71.',
        'The Silence of Orchards',
        ['Delgado, María'],
        2013,
      ],
      [
        'Whitfield, Ann, and George Stone. “Maps of Nowhere.” Journal of Fiction, vol. 4, 2001, pp. 1–20.',
        'Maps of Nowhere',
        ['Whitfield, Ann', 'George Stone'],
        2001,
      ],
      [
        'Ueda, Ken. “Rooms and Rivers.” Quarterly Review, vol. 77, no. 1, 1998, pp. 101–118.',
        'Rooms and Rivers',
        ['Ueda, Ken'],
        1998,
      ],
    ],
  },
  {
    name: 'Chicago, names and years',
    entries: [
      [
        'Farrow, Tamsin A., and Solomon Oyelaran. 2016. “Heat and Harvests.” Science of Climate 353 (6304): 98–105.',
        'Heat and Harvests',
        ['Farrow, Tamsin A.', 'Solomon Oyelaran'],
        2016,
      ],
      ['Ahn, Sung. 2018. Rivers in Flood. Chicago: Lakeside Press.', 'Rivers in Flood', ['Ahn, Sung'], 2018],
      [
        'Bauer, Max, Julia Stein, and Hugo Lenz. 2009. “Dams Reconsidered.” Water History 1: 12–40.',
        'Dams Reconsidered',
        ['Bauer, Max', 'Julia Stein', 'Hugo Lenz'],
        2009,
      ],
    ],
  },
  {
    name: 'physics, without titles',
    entries: [
      ['T. Okuda and M. Stern, Phys. Rev. D 62, 043511 (2000).', null, ['T. Okuda', 'M. Stern'], 2000, 'Phys. Rev. D'],
      ['J. Weil et al., Nature 467, 297 (2010).', null, ['J. Weil'], 2010, 'Nature'],
      [
        'A. Ruiz, K. Holm, and P. Lee, Astrophys. J. Lett. 701, L21 (2009), arXiv:0905.1111.',
        null,
        ['A. Ruiz', 'K. Holm', 'P. Lee'],
        2009,
      ],
      ['S. Brand, J. High Energy Phys. 05 (2012) 030.', null, ['S. Brand'], 2012],
    ],
  },
  {
    name: 'Nature',
    entries: [
      [
        'Ibarra, S. & Novotný, J. Gene flow across a ridge. Nature 401, 55–59 (1999).',
        'Gene flow across a ridge',
        ['Ibarra, S.', 'Novotný, J.'],
        1999,
        'Nature',
      ],
      [
        'Chen, L. et al. Barriers to pollen in alpine herbs. Nat. Ecol. Evol. 3, 210–218 (2019).',
        'Barriers to pollen in alpine herbs',
        ['Chen, L.'],
        2019,
      ],
      [
        'Frey, H., Abbas, R. & Toma, K. Drift or choice? Proc. Natl Acad. Sci. USA 112, 4410–4415 (2015).',
        'Drift or choice?',
        ['Frey, H.', 'Abbas, R.', 'Toma, K.'],
        2015,
      ],
    ],
  },
  {
    name: 'PLOS',
    entries: [
      [
        'Ito H, Barros F, Quinn P (2012) Calls of cave bats: direction and distance. J Bat Res 44: 210–222.',
        'Calls of cave bats: direction and distance',
        ['Ito H', 'Barros F', 'Quinn P'],
        2012,
      ],
      ['Lund E (2004) Roosts. Ecology 85: 1101–1109.', 'Roosts', ['Lund E'], 2004],
      [
        'Danso K, Weiss M, et al. (2009) Echoes in reed beds. Behaviour 146: 9–31.',
        'Echoes in reed beds',
        ['Danso K', 'Weiss M'],
        2009,
      ],
    ],
  },
];

describe('entries of a reference list', () => {
  for (const { name, entries } of STYLES) {
    describe(`in the style of ${name}`, () => {
      const parsed = parseEntries(entries.map(([text]) => text));
      entries.forEach(([text, title, authors, year, venue], index) => {
        it(`reads “${text.slice(0, 40)}…”`, () => {
          expect(parsed[index]).toMatchObject({ title, authors, year, ...(venue === undefined ? {} : { venue }) });
        });
      });
    });
  }
});

describe('the identifiers of an entry', () => {
  const [one] = parseEntries(['Ito H. Bats. J Bat Res. 2012;44:1. doi:10.1000/ABC(12)3-X. PMID: 123.']);
  it('keeps a DOI in lower case, without what closes the sentence', () => expect(one?.doi).toBe('10.1000/abc(12)3-x'));

  it('takes a DOI out of brackets', () => {
    expect(parseEntries(['Ito H. 2012 Bats. J. Bat Res. 4, 1. (doi:10.1000/182)'])[0]?.doi).toBe('10.1000/182');
  });

  it('reads arXiv in both schemes, and its DOI', () => {
    const texts = [
      'A. Lee. Bats. arXiv preprint arXiv:1804.01234v2, 2018.',
      'A. Lee. Bats. hep-th/9901001, 1999.',
      'Lee, A. (2020). Bats. https://doi.org/10.48550/arXiv.2004.05862',
    ];
    expect(parseEntries(texts).map(({ arxivId }) => arxivId)).toEqual(['1804.01234', 'hep-th/9901001', '2004.05862']);
  });

  it('gives an address that is neither', () => {
    expect(parseEntries(['The mesh project. http://mesh.example.org/a_b?c=1.'])[0]).toMatchObject({
      url: 'http://mesh.example.org/a_b?c=1',
      doi: null,
    });
  });
});
