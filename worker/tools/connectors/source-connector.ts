/**
 * The port by which a research run asks a service for works that bear on a question. A connector only searches; the paper
 * itself is had by fetch-paper.ts.
 */
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import type { WorkFacts } from './work-facts.js';

export interface FoundWork {
  facts: WorkFacts;
  venue: string | null;
  abstract: string | null; // one line, without markup
  /** PDFs said to be open to everybody, the likeliest first. */
  pdfUrls: string[];
  foundBy: SearchServiceName;
}

export interface SearchOptions {
  limit: number; // works at most
  signal: AbortSignal;
}

export interface SourceConnector {
  readonly name: SearchServiceName;
  /**
   * Best first, page by page as they are asked for: whoever stops early asks for nothing more. What was yielded stays
   * good when a later page fails. Fails as PoliteHttp.get does; works without a title are passed over.
   */
  search(query: string, options: SearchOptions): AsyncIterable<FoundWork>;
}
