/**
 * How the sciences name what they measure. A name alone binds no number: see metrics.ts for the syntax that does.
 */

const ACRONYMS = [
  String.raw`BLEU(?:-\d)?`,
  String.raw`ROUGE(?:-(?:\d|L|LSUM|SU\d?))?`,
  'METEOR',
  String.raw`chrF\+{0,2}`,
  'BERTScore',
  'COMET',
  'TER',
  'WER',
  'CER',
  'PPL',
  String.raw`(?:m|M)AP(?:@[\d.:]+)?`,
  'MRR',
  String.raw`[nN]?DCG(?:@\d+)?`,
  String.raw`(?:Hits?|R|P|Recall|Precision|Acc|pass|maj)@\d+`,
  'm?IoU',
  'PSNR',
  'SSIM',
  'FID',
  'LPIPS',
  '(?:N|n)?RMSE?P?',
  'MSE',
  'MAE',
  'MAPE',
  'RMSD',
  '(?:AU|AUC-?)(?:C|ROC|PRC|PR)',
  'AUROC',
  'AUPRC',
  'AIC',
  'BIC',
  'MCC',
  'ICCs?',
  'UAS',
  'LAS',
  'EER',
  'SNR',
  '(?:EC|IC|LC|LD|ED|GI|TD)[-_ ]?[₅5][₀0](?: values?)?',
  'MIC',
  'HbA1c',
  'BMI',
  'QALYs?',
  'ELO(?: [Rr]ating)?',
  'Elo(?: rating)?',
];

const WORDS = [
  String.raw`(?:top-\d )?accurac(?:y|ies)`,
  'precision',
  'recall',
  'sensitivit(?:y|ies)',
  'specificit(?:y|ies)',
  'exact match',
  '(?:(?:macro|micro|weighted|mean)[- ])?F[-‐]?[₁1](?:[- ](?:scores?|measures?))?',
  'F[- ](?:scores?|measures?)',
  'perplexit(?:y|ies)',
  '(?:(?:word|character|phone|equal|false[- ](?:positive|negative|discovery)|classification|test|mean|misclassification) )?error rates?',
  'average precision',
  'area under the (?:ROC |receiver operating characteristic |precision-recall )?curve',
  '(?:root[- ])?mean[- ](?:absolute|squared?)[- ](?:percentage )?(?:errors?|deviations?)',
  '(?:Dice|Jaccard|Sørensen|silhouette)(?: (?:coefficient|score|index|similarity))?',
  "(?:Pearson|Spearman|Kendall)(?:['’]s)?(?: (?:rank|product-moment))?(?: (?:correlation|rho|tau|r))?(?: coefficients?)?",
  'correlations?(?: coefficients?)?',
  "(?:(?:Cohen|Fleiss)['’]s? )?kappa",
  "Cohen['’]s (?:κ|d)",
  "(?:Cronbach|Krippendorff)['’]s? (?:alpha|α)",
  'intraclass correlations?(?: coefficients?)?',
  'effect sizes?',
  '(?:adjusted |crude |pooled )?(?:odds|hazard|risk|rate|likelihood) ratios?',
  'relative risks?',
  String.raw`(?:overall |median |mean |disease-free |progression-free |event-free |\w+-year )?survival(?: rates?| times?)?`,
  '(?:response|recapture|retention|mortality|survival|incidence|detection|dropout|completion|success|failure|hit|win|growth|attrition|participation|compliance|adherence|conversion|compression|recovery|hospitalization|infection|pregnancy|replication|acceptance|recruitment) rates?',
  'prevalence',
  'incidence',
  'mortality',
  'half-li(?:fe|ves)',
  'yields?',
  '(?:statistical )?power',
  'significance level',
  'sample sizes?',
  '(?:\\p{L}+ )?efficienc(?:y|ies)',
  '(?:\\p{L}+[- ](?:to|over)[- ]\\p{L}+ )?ratios?',
  '(?:coherence|relaxation|decay|dwell|rise|delay|waiting|turnaround|retention) times?',
  'lifetimes?',
  'daily attendance',
  '(?:spin )?polari[sz]ations?',
  'baseline values?',
  'loss to follow-up',
  '(?:absolute |mean |average |relative )?differences?',
  String.raw`(?:mean|median|average|maximum|minimum)(?: (?!(?:of|was|were|is|are|for|in|on|and|or|to|from|by|with|at|than|that|the|an?|as|across|over|per|has|had|have|which)\b)\p{L}[\p{L}-]+){0,2}`,
  'standard (?:deviations?|errors?)',
  'throughput',
  'latenc(?:y|ies)',
  'speed-?ups?(?: factors?)?',
  '(?:training|inference|execution|running|computation|response|reaction|processing|step|survival|run|wall[- ]clock|follow-up|recovery) ?times?',
  '(?:training|computational|memory) (?:costs?|usage|footprint)',
  'enhancement(?: factors?)?',
  'compression(?: ratios?)',
  '(?:scale|enhancement|amplification|correction|safety|quality|loading|impact|degeneracy) factors?',
  '(?:mass|signal-to-noise|sex|aspect|male-to-female|mixing|branching) ratios?',
  'scores?',
];

const NAME = `(?:${[...ACRONYMS, ...WORDS].join('|')})`;

/** A name at a place in a text; "score" after it is part of the phrase, not of the name. */
export const METRIC_NAME = new RegExp(String.raw`(?<![\p{L}\p{N}_-])${NAME}(?![\p{L}\p{N}_])`, 'giu');

/** Names of one or two letters, bound by a sign only: p < 0.001, OR = 1.5, t(23) = 4.8, R² = 0.9. */
export const STATISTIC =
  /(?<![\p{L}\p{N}_])(p(?:[- ]values?)?|P|t|F|z|Z|r|r²|R²|R2|R-squared|χ²|χ2|Χ2|X²|X2|η²|ηp²|β|κ|ρ|τ|d|g|U|OR|aOR|AOR|HR|aHR|RR|IRR|SMD|M|SD|S\.D\.|SE|S\.E\.)\s?(?:\([\d\s.,;dfNn=]{1,18}\))?\s?(?:was|of|were)?\s?(?:=|<|>|≤|≥|≈|∼)\s?(?=[-−.\d])/gu;

const CASED = new RegExp(`^(?:${ACRONYMS.join('|')})$`, 'u');

/** An acronym binds more loosely than a word: "28.4 BLEU" is a score, "3 sensitivity analyses" is none. */
export const isAcronym = (name: string): boolean => CASED.test(name);

/** Written as acronyms are; "ter" and "map" in lower case are words. */
export function isNameAsWritten(name: string): boolean {
  return isAcronym(name) || !CASED_LOOSELY.test(name);
}

const CASED_LOOSELY = new RegExp(`^(?:${ACRONYMS.join('|')})$`, 'iu');
