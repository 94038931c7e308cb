/** From the settings to what papers are fetched and read with, for the composition root of the worker. */
import type { Config } from '../src/config.js';
import { systemClock } from './tools/connectors/clock.js';
import { createSourceConnectors } from './tools/connectors/create-source-connectors.js';
import { createPaperFetcher } from './tools/connectors/fetch-paper.js';
import { createMemoryResponseCache } from './tools/connectors/response-cache.js';
import { openScholarlyServices } from './tools/connectors/scholarly-services.js';
import type { SharedLanes } from './tools/connectors/shared-lanes.js';
import { openOcr } from './tools/ocr/open-ocr.js';
import { builtinEngine, createBuiltinEngine } from './tools/papers/builtin/read-paper.js';
import { createGrobidEngine } from './tools/papers/grobid/grobid-engine.js';
import { createPaperTools, type PaperTools } from './tools/papers/paper-tools.js';
import { failureCodeOf, type ReportHealth } from './tools/report-health.js';

const CACHE_BYTES = 50_000_000; // 50 MB of answers of services, for a day at most

export function openPaperTools(
  { papers, limits, connectors }: Pick<Config, 'papers' | 'limits' | 'connectors'>,
  lanes: SharedLanes,
  reportHealth: ReportHealth,
): PaperTools {
  const { engine, grobidUrl, contactEmail, ocr } = papers;
  const services = openScholarlyServices({
    ...(contactEmail && { mailto: contactEmail }),
    lanes,
    onOutcome: (service, failure) => void reportHealth({ service, failureCode: failure && failureCodeOf(failure) }),
    cache: createMemoryResponseCache(CACHE_BYTES, systemClock),
  });
  const all = createSourceConnectors(services, { ...connectors, maxBytes: limits.uploadBytes });
  const builtin = createBuiltinEngine(ocr ? { ocr: openOcr({ languages: [ocr] }) } : {});
  return createPaperTools({
    standard: engine,
    engines: {
      BUILTIN: builtin,
      ...(grobidUrl && { GROBID: createGrobidEngine({ url: grobidUrl, base: builtin }) }),
    },
    fetcher: createPaperFetcher(services, { maxBytes: limits.uploadBytes }),
    connectors: connectors.allowed.map((name) => all[name]),
    everyConnector: Object.values(all),
    maxPages: limits.paperPages,
  });
}

/** Without settings: the builtin engine, and no network but arXiv's and Crossref's. */
export const standardPaperTools = (): PaperTools =>
  createPaperTools({
    standard: 'BUILTIN',
    engines: { BUILTIN: builtinEngine },
    fetcher: createPaperFetcher(openScholarlyServices()),
    maxPages: 1_000,
  });
