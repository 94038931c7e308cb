/** What is said of a claim, and how one piece of evidence stands to it. The words are the public API's. */
export const VERDICTS = ['SUPPORTED', 'REFUTED', 'MIXED', 'UNSUPPORTED'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const STANCES = ['SUPPORTS', 'REFUTES', 'NEUTRAL'] as const;
export type Stance = (typeof STANCES)[number];
