/** Every connector there is, by name; which of them may be asked is the operator's choice. */
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { createOpenAlex } from './openalex.js';
import { createPlainUrl } from './plain-url.js';
import type { ScholarlyServices } from './scholarly-services.js';
import { createSemanticScholar } from './semantic-scholar.js';
import type { SourceConnector } from './source-connector.js';

export interface SourceConnectorsOptions {
  openAlexUrl?: string;
  openAlexKey?: string | undefined;
  semanticScholarUrl?: string;
  semanticScholarKey?: string | undefined;
  maxBytes?: number; // of a file behind a plain address
}

const MAX_FILE_BYTES = 50_000_000; // 50 MB, as for uploads
const FILE_TIMEOUT_MS = 120_000; // 2 minutes

export function createSourceConnectors(
  services: ScholarlyServices,
  options: SourceConnectorsOptions = {},
): Record<SearchServiceName, SourceConnector> {
  const { http, httpOf, clock, arxiv, crossref, hosts, mailto, lanes } = services;
  const { openAlexKey, semanticScholarKey, maxBytes = MAX_FILE_BYTES } = options;
  return {
    ARXIV: arxiv,
    CROSSREF: crossref,
    OPENALEX: createOpenAlex({
      http: httpOf('OPENALEX'),
      clock,
      lanes,
      ...(options.openAlexUrl && { apiUrl: options.openAlexUrl }),
      ...(openAlexKey && { apiKey: openAlexKey }),
      ...(mailto && { mailto }),
    }),
    SEMANTIC_SCHOLAR: createSemanticScholar({
      http: httpOf('SEMANTIC_SCHOLAR'),
      clock,
      lanes,
      ...(options.semanticScholarUrl && { apiUrl: options.semanticScholarUrl }),
      ...(semanticScholarKey && { apiKey: semanticScholarKey }),
    }),
    URL: createPlainUrl({ http, hosts, maxBytes, timeoutMs: FILE_TIMEOUT_MS }),
  };
}
