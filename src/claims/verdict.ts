/** What is said of a claim, and how one piece of evidence stands to it. The words are the public API's. */
export const Verdict = {
  SUPPORTED: 'SUPPORTED',
  REFUTED: 'REFUTED',
  MIXED: 'MIXED',
  UNSUPPORTED: 'UNSUPPORTED',
} as const;
export type Verdict = keyof typeof Verdict;

export const Stance = { SUPPORTS: 'SUPPORTS', REFUTES: 'REFUTES', NEUTRAL: 'NEUTRAL' } as const;
export type Stance = keyof typeof Stance;
