/** From the settings to what papers are fetched and read with, for the composition root of the worker. */
import type { Config } from '../src/config.js';
import { createPaperFetcher } from './tools/connectors/fetch-paper.js';
import { openOcr } from './tools/ocr/open-ocr.js';
import { builtinEngine, createBuiltinEngine } from './tools/papers/builtin/read-paper.js';
import { createGrobidEngine } from './tools/papers/grobid/grobid-engine.js';
import { createPaperTools, type PaperTools } from './tools/papers/paper-tools.js';

export function openPaperTools({ papers, limits }: Pick<Config, 'papers' | 'limits'>): PaperTools {
  const { engine, grobidUrl, contactEmail, ocr } = papers;
  const builtin = createBuiltinEngine(ocr ? { ocr: openOcr({ languages: [ocr] }) } : {});
  return createPaperTools({
    standard: engine,
    engines: {
      BUILTIN: builtin,
      ...(grobidUrl && { GROBID: createGrobidEngine({ url: grobidUrl, base: builtin }) }),
    },
    fetcher: createPaperFetcher({ maxBytes: limits.uploadBytes, ...(contactEmail && { mailto: contactEmail }) }),
    maxPages: limits.paperPages,
  });
}

/** Without settings: the builtin engine, and no network but arXiv's and Crossref's. */
export const standardPaperTools = (): PaperTools =>
  createPaperTools({
    standard: 'BUILTIN',
    engines: { BUILTIN: builtinEngine },
    fetcher: createPaperFetcher(),
    maxPages: 1_000,
  });
