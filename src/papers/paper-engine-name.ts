/** What can read a paper. BUILTIN is always there; GROBID is where the installation names its server. */
export const PaperEngineName = { BUILTIN: 'BUILTIN', GROBID: 'GROBID' } as const;
export type PaperEngineName = keyof typeof PaperEngineName;
