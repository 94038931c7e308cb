import { describe, expect, it } from 'vitest';
import {
  type Defect,
  findDefect,
  isAdministrativeHeading,
  readability,
  speaksAsAuthors,
  speaksOfItsWork,
} from './sentence-quality.js';

describe('findDefect', () => {
  it.each([
    'Recall is hard to measure on a large collection, because nobody knows how many relevant documents exist.',
    'Both precision and recall depend on the judgments of human assessors.',
    'A pool for one topic is the union of the documents that several systems returned for that topic.',
    'Unjudged documents count as equally nonrelevant, so a new model can look worse than it is.',
    'The effect was significant at the 5% level (p < 0.05) in both of the laboratory studies.',
    'The best results on Robust04 found by 2019 were a decade old, and no later approach came close to them.',
    'There is no evidence that longer training improves the accuracy of small models.',
    'In contrast to wolves, feral dogs do not live in family units but rather as groups of unrelated animals.',
    'The approach of Zou and Xiong saves energy in networks of mobile sensors.',
    'Students work through the materials at their own pace, supported by demonstrators.',
    'Measures with a shallow cutoff dominate the benchmarks of recent years.',
    'Later studies disagree about the ranking of the tests for small samples.',
    'Similar to the wolves, the dogs found most of the food that had been hidden.',
    'While single-head attention is worse than the best setting, quality also drops off with too many heads.',
    'Age estimates at recapture ranged from 3.8 to 10.3 years in the tagged population.',
    'Older people sleep less than younger people.',
    'Cats that sleep in the sun sleep longer by 23 percent than cats in shade.',
    'Plants use light, water and carbon dioxide to make sugar.',
    'Wind and water often move sand over long distances.',
    'Most children learn to read by the age of seven.',
    'Glaciers melt faster in warm years with little snow.',
  ])('lets “%s” stand alone', (sentence) => expect(findDefect(sentence)).toBeUndefined());

  it.each<[Defect, string]>([
    ['LENGTH', 'Clicks are biased.'],
    ['FRAGMENT', 'and therefore the growing medium retained less rainwater in winter than in summer.'],
    ['FRAGMENT', 'The growing medium of an extensive green roof retained much of the yearly rainfall'],
    ['FRAGMENT', '175 MeV, the relative pressure contributions from hadrons and quarks cross.'],
    ['FRAGMENT', 'A location based routing protocol for mobile networks has been proposed by Zou and Xiong in.'],
    ['FRAGMENT', 'Intended to target the unemployed and people of low skill.'],
    ['FRAGMENT', 'Likely to have been a low priority among the managers of the gyms.'],
    ['FRAGMENT', 'Reports that the packs were handed over and quickly forgotten by the staff.'],
    ['FRAGMENT', 'Experiments of this kind often result in measured datasets of several variables,.'],
    ['DANGLING', 'The approach was not targeted enough at the groups that were intended.'],
    ['DANGLING', 'While, no significant effect of the disorder was observed on the states.'],
    ['DANGLING', 'In contrast to many hypotheses, it suggests that dogs were not selected for attention.'],
    ['DANGLING', 'No explicit analysis of their knowledge of the landscape has been undertaken.'],
    ['DANGLING', 'On the contrary, a higher value makes the node inconsistent as a head.'],
    ['INSTRUCTION', 'Let Xq denote a dataset that was measured under experimental conditions.'],
    ['NO_VERB', 'Interactive widget to visualize the components of multiple galaxies using the database.'],
    ['NO_VERB', 'B3LYP (Becke, 1993), which is among the most widely used methods of quantum chemistry.'],
    ['NO_VERB', 'Animations and rotation curve plots demonstrating three types of rotational motion.'],
    ['NO_VERB', 'Theseus tötete auch den Prokrustes, wie er hieß, der in Attika hauste und das Land plagte.'],
    ['DEBRIS', 'The species is moderately large (male SVL578.4; female SVL572.4 mm) and thus larger than the new one.'],
    ['DANGLING', 'One is the total computational complexity of each of the layers.'],
    ['DANGLING', 'In either case, the frog requires internal fertilization, which is rare among anurans.'],
    ['DANGLING', 'Although they display differentiated social relationships, they do not breed cooperatively.'],
    ['DANGLING', 'She/he will then approach all potentially eligible participants consecutively.'],
    ['DANGLING', 'Similar reports to other groups generated no interest in the study at all.'],
    ['DANGLING', 'Six other participants were recruited via a variety of community-based approaches.'],
    ['DANGLING', 'Obviously, it can greatly facilitate success in cooperating or competing with others.'],
    ['DANGLING', 'For example in a network of 100 nodes, 50 nodes are static and 50 are mobile.'],
    ['DANGLING', 'Established in mid-2019, its primary goal is to enhance the role of groundwater modelling.'],
    ['DANGLING', 'If left undefined, the problem will continue and create frustration with patients and staff.'],
    [
      'POINTS_ELSEWHERE',
      'The compounds are given in the electronic supplementary material, table S4, with their areas.',
    ],
    ['ABOUT_ITSELF', 'The introduction gives an overview of the problems in scientific model discovery.'],
    ['STORY', 'Juniper wants to learn how to build and analyze time-series models for their thesis.'],
    ['STORY', '‘Yeah it did as well, because I thought cutting down is quite good.’'],
    ['QUESTION', 'How many documents does a retrieval system have to return for one topic?'],
    ['DANGLING', 'This makes the roof much heavier than a roof without any vegetation.'],
    ['DANGLING', 'These results show that pooled judgments rank the systems reliably.'],
    ['DANGLING', 'Fixed thresholds of Kendall tau are less reliable for such decisions than had been assumed.'],
    ['DANGLING', 'The latter was found to be more robust than all of the earlier measures.'],
    ['POINTS_ELSEWHERE', 'The layers of an extensive green roof are shown in Figure 2 together with the membrane.'],
    ['POINTS_ELSEWHERE', 'As described above, the membrane protects the building from water and roots.'],
    ['CAPTION', 'Table 3: Rainfall retained by the growing medium in each of the four seasons.'],
    ['FRAGMENT', '• The growing medium retains rainwater and returns part of it to the air.'],
    ['LIST', 'Results: Computing the basic properties of the series took less than a second.'],
    ['CODE_OR_FORMULA', 'The score is then given by s = a + b where a and b are constants of the model.'],
    ['CODE_OR_FORMULA', 'Calling fit_model() returns an object that holds the parameters of the model.'],
    ['DEBRIS', 'The values of the runs were 0.31 0.42 0.55 0.61 0.70 in the order of the table.'],
    ['DEBRIS', 'The growing medium of the roof had been ver- tically divided by a wooden frame.'],
    ['REFERENCE', 'Buckley, C., Voorhees, E. M. Retrieval evaluation with incomplete information was published.'],
    ['REFERENCE', 'Correspondence should be sent by e-mail to the first author of the paper.'],
    ['ADMINISTRATIVE', 'Funding for the survey was provided by the national science foundation.'],
    ['ADMINISTRATIVE', 'R.H., H.W., L.Z. and Z.Z. organized the collection of the milk samples in the field.'],
    ['INSTRUCTION', 'Consider the case of a roof that has no vegetation on it at all.'],
    ['ABOUT_ITSELF', 'In this paper we describe the design of our system and its parts in detail.'],
    ['NO_VERB', 'Plotting the components of galactic rotation curves using the database of many galaxies.'],
    ['UNBALANCED', 'The growing medium (which was deeper than before retained more of the rainwater.'],
  ])('refuses as %s “%s”', (defect, sentence) => expect(findDefect(sentence)).toBe(defect));

  it('is not confused by very long or hostile input', () => {
    for (const text of [
      '('.repeat(5_000),
      'a '.repeat(5_000),
      '0.1 '.repeat(2_000),
      '🙂'.repeat(500),
      '\u0000'.repeat(300),
    ]) {
      expect(findDefect(text)).toBeDefined();
    }
  });
});

describe('speaksAsAuthors', () => {
  it.each(['We found that roofs retain water.', 'Our results show less runoff.', 'This study shows less runoff.'])(
    '“%s” needs a name before it',
    (sentence) => expect(speaksAsAuthors(sentence)).toBe(true),
  );
  it.each(['Type I errors were rare in the US.', 'The study of roofs is young.'])('“%s” does not', (sentence) =>
    expect(speaksAsAuthors(sentence)).toBe(false),
  );
});

describe('speaksOfItsWork', () => {
  it.each([
    'The tutorials guide a novice user through each step of a workflow.',
    'Several projects have been developed by following the steps of the tutorial, which is free.',
    'The participants received two doses of the vaccine within a month.',
    'There was a noticeable gap that was filled by this learning resource.',
  ])('“%s” needs the name of who says it', (sentence) => expect(speaksOfItsWork(sentence)).toBe(true));
  it.each([
    'Tutorials guide a novice user through each step of a workflow.',
    'The course of the disease is longer in older people.',
    'The lungs of the patients of a ward recover slowly.',
    'Green roofs are a resource for the trial-and-error design of cities.',
  ])('“%s” does not', (sentence) => expect(speaksOfItsWork(sentence)).toBe(false));
});

describe('a sentence that points at what it has not named', () => {
  it.each([
    'The maximum directly estimated ages for both species were associated with male sharks.',
    'While the two are similar in complexity, dot products are much faster in practice.',
    'All five sharks were recaptured within a short distance of their tagging.',
    'With a single attention head, averaging over the values inhibits this.',
    'Specimens could have been younger or older than average, thus accounting for the discrepancy.',
  ])('is refused: “%s”', (sentence) => expect(findDefect(sentence)).toBe('DANGLING'));
  it.each([
    'Wolves and dogs were tested, and the two species did not differ in attention.',
    'Both wolves and dogs benefitted from a demonstration of the hiding place.',
    'This shows less runoff from roofs and the difference between the two sexes was small.',
  ])('is judged by other rules when it has: “%s”', (sentence) =>
    expect(findDefect(sentence.replace(/^This shows/u, 'Planting shows'))).toBeUndefined(),
  );
});

it('prefers a plain sentence of middle length to a long one full of asides', () => {
  const plain = 'Green roofs retain rainwater in the growing medium and return part of it to the air.';
  const heavy = `Green roofs (GR), i.e. roofs with plants (PL); a kind of low impact development (LID), retain rainwater (RW): ${plain} ${plain}`;
  expect(readability(plain)).toBeGreaterThan(readability(heavy));
});

it.each([
  ['Acknowledgements', true],
  ['Amendments from Version 1', true],
  ['Authors’ contributions', true],
  ['Retention of rainwater', false],
  ['Funding of public transport in cities', true], // the price of a simple rule
])('the heading “%s” is administrative: %s', (heading, expected) =>
  expect(isAdministrativeHeading(heading)).toBe(expected),
);
