/**
 * The services a process asks for papers, opened once: whoever searches arXiv and whoever fetches from it go through the
 * same lane, so the distance between requests holds for both.
 */
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import type { AppError } from '../../../src/platform/errors.js';
import { VERSION } from '../../../src/version.js';
import { withRecord } from '../exchanges/http-exchanges.js';
import { type Arxiv, createArxiv } from './arxiv.js';
import { type Clock, systemClock } from './clock.js';
import { type Crossref, createCrossref } from './crossref.js';
import { HostLanes } from './host-lanes.js';
import type { Lane } from './lane.js';
import { createPoliteHttp, type PoliteHttp, watchedHttp } from './polite-http.js';
import { noResponseCache, type ResponseCache } from './response-cache.js';
import { createSafeFetch } from './safe-fetch.js';
import type { SharedLanes } from './shared-lanes.js';

export interface ScholarlyServicesOptions {
  /** Where the services can reach whoever runs this; sent with each request. */
  mailto?: string;
  arxivApiUrl?: string;
  arxivUrl?: string;
  crossrefUrl?: string;
  /** `host:port` of what may be private: services of one's own in the place of these. Nothing else belongs here. */
  allow?: readonly string[];
  arxivSpacingMs?: number; // less than 3 seconds only for a mirror of one's own
  cache?: ResponseCache;
  lanes?: SharedLanes; // with other processes; none when absent
  /** Told how asking each service ended; nobody when absent. */
  onOutcome?: (service: SearchServiceName, failure: AppError | null) => void;
  clock?: Clock;
  random?: () => number;
}

export interface ScholarlyServices {
  http: PoliteHttp;
  /** The same for one service, whose outcomes are told. */
  httpOf(service: SearchServiceName): PoliteHttp;
  clock: Clock;
  arxiv: Arxiv;
  crossref: Crossref;
  /** The lane to the host of an address; arXiv's is its own. */
  hosts: { of(url: string): Lane };
  mailto: string | undefined;
  lanes: SharedLanes | undefined;
}

/** How the product names itself to the services it asks. */
export const userAgentOf = (mailto: string | undefined): string =>
  `Paperwright/${VERSION}${mailto ? ` (mailto:${mailto})` : ''}`;

export function openScholarlyServices(options: ScholarlyServicesOptions = {}): ScholarlyServices {
  const { mailto, clock = systemClock, random = Math.random, cache = noResponseCache, lanes: shared } = options;
  const fetch = createSafeFetch({ userAgent: userAgentOf(mailto), allow: options.allow ?? [] });
  const http = withRecord(createPoliteHttp({ fetch, cache, clock, random }));
  const httpOf = (service: SearchServiceName) => watchedHttp(http, (failure) => options.onOutcome?.(service, failure));
  const arxiv = createArxiv({
    http: httpOf('ARXIV'),
    clock,
    lanes: shared,
    apiUrl: options.arxivApiUrl,
    siteUrl: options.arxivUrl,
    spacingMs: options.arxivSpacingMs,
  });
  const crossref = createCrossref({
    http: httpOf('CROSSREF'),
    clock,
    lanes: shared,
    apiUrl: options.crossrefUrl,
    mailto,
  });
  const lanes = new HostLanes(clock, shared);
  const arxivHost = new URL(arxiv.siteUrl).host;
  const hosts = { of: (url: string) => (new URL(url).host === arxivHost ? arxiv.lane : lanes.of(url)) };
  return { http, httpOf, clock, arxiv, crossref, hosts, mailto, lanes: shared };
}
