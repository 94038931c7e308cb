import { describe, expect, it } from 'vitest';
import type { SectionRole } from '../../../../src/papers/structured-paper.js';
import { sectionRole, sectionRoles } from './section-role.js';

describe('the role of a section', () => {
  it.each<[string, SectionRole]>([
    ['1 Introduction', 'PROBLEM'],
    ['Statement of Need', 'PROBLEM'],
    ['2.1. Related Work', 'RELATED'],
    ['II. PRELIMINARIES', 'BACKGROUND'],
    ['MATERIALS AND METHODS', 'METHOD'],
    ['Methods/Design', 'METHOD'],
    ['3 Model Architecture', 'METHOD'],
    ['Experimental Section', 'METHOD'],
    ['5 Training', 'TRAINING'],
    ['Instruction Finetuning', 'TRAINING'],
    ['Study area', 'DATA'],
    ['Results and discussion', 'EVALUATION'],
    ['4. Experiments', 'EVALUATION'],
    ['Discussion', 'DISCUSSION'],
    ['Limitations of the study', 'DISCUSSION'],
    ['7 Conclusions and outlook', 'CONCLUSION'],
    ['Acknowledgments', 'ACKNOWLEDGEMENTS'],
    ['Funding', 'ACKNOWLEDGEMENTS'],
    ['Appendix A. Proofs', 'APPENDIX'],
    ['B. Further figures', 'OTHER'],
    ['Supporting Information', 'APPENDIX'],
    ['REFERENCES', 'REFERENCES'],
    ['Abstract', 'ABSTRACT'],
    ['Authors’ contributions', 'OTHER'],
    ['Conflict of interest statement', 'OTHER'],
    ['Data availability', 'OTHER'],
    ['Charmed hadrons', 'OTHER'],
  ])('reads %j as %s', (heading, role) => {
    expect(sectionRole(heading)).toBe(role);
  });

  it.each<[string, SectionRole, SectionRole]>([
    ['Milk collection and processing', 'METHOD', 'METHOD'],
    ['Machine Translation', 'EVALUATION', 'EVALUATION'],
    ['Datasets', 'EVALUATION', 'DATA'],
    ['Training details', 'METHOD', 'TRAINING'],
    ['Training Data and Batching', 'TRAINING', 'TRAINING'],
    ['Methods', 'ABSTRACT', 'ABSTRACT'],
    ['Related work', 'PROBLEM', 'RELATED'],
    ['Results of the trial', 'DISCUSSION', 'DISCUSSION'],
    ['Limitations', 'DISCUSSION', 'DISCUSSION'],
    ['Conclusions', 'DISCUSSION', 'CONCLUSION'],
    ['Ethical considerations', 'METHOD', 'METHOD'],
    ['Funding', 'OTHER', 'ACKNOWLEDGEMENTS'],
  ])('reads %j in a section of %s as %s', (heading, parent, role) => {
    expect(sectionRole(heading, parent)).toBe(role);
  });

  it('fills a section that is named after its subject from where it stands', () => {
    const headings = ['1 Introduction', '2 The wave picture', '3 Experiments', '4 Other media', '5 Conclusion'];
    expect(sectionRoles(headings.map((heading) => ({ heading, level: 1 })))).toEqual([
      'PROBLEM',
      'METHOD',
      'EVALUATION',
      'EVALUATION',
      'CONCLUSION',
    ]);
  });

  it('takes lettered sections after numbered ones for appendices, and letters under Roman numbers for parts', () => {
    const top = ['1 Introduction', '2 Conclusions', 'A. A new algorithm'].map((heading) => ({ heading, level: 1 }));
    expect(sectionRoles(top)).toEqual(['PROBLEM', 'CONCLUSION', 'APPENDIX']);
    const roman = [
      { heading: 'I. METHODS', level: 1 },
      { heading: 'A. Rats', level: 2 },
    ];
    expect(sectionRoles(roman)).toEqual(['METHOD', 'METHOD']);
  });

  it('hands a role down to the parts, and takes "Background" after an introduction for what is built on', () => {
    const headings = [
      { heading: 'Introduction', level: 1 },
      { heading: 'Background', level: 1 },
      { heading: 'Methods', level: 1 },
      { heading: 'Rats', level: 2 },
      { heading: 'Results', level: 1 },
      { heading: 'Rats', level: 2 },
    ];
    expect(sectionRoles(headings)).toEqual(['PROBLEM', 'BACKGROUND', 'METHOD', 'METHOD', 'EVALUATION', 'EVALUATION']);
  });
});
