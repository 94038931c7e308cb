/**
 * The trust score of a report: counted facts, each with the count in words, and a weighted mean of them. Everything is
 * recomputed from the claim map alone, so anyone who holds claims.json gets the same figures. It measures how well the
 * report can be checked and how much it rests on, not whether its sources are right.
 */
import { type ClaimMap, type ClaimMapClaim, verifyClaimMap } from '../claims/claim-map.js';

export interface TrustComponent {
  name: string;
  score: number; // 0..1
  weight: number; // the weights of a score need not add up to 1
  /** The counted facts in words. */
  basis: string;
}

export interface Uncertainty {
  code: string;
  message: string;
}

export interface Trust {
  overall: number; // 0..1: Σ weight × score ÷ Σ weight
  components: TrustComponent[];
  flags: Uncertainty[];
}

/** Our judgement of what matters, largest first: without receipts nothing else counts for much. */
const TRUST_WEIGHTS = {
  receipts: 0.3,
  agreement: 0.2,
  corroboration: 0.15,
  sources: 0.15,
  coverage: 0.15,
  engine: 0.05,
} as const;

/** Cited sources from which more add no further trust here: below it one group's view may be the whole report. */
const ENOUGH_SOURCES = 4;

/** Scores a report from its claim map, believing the map's `verified` flags; see recountTrust. */
export function scoreTrust(map: ClaimMap): Trust {
  const { claims } = map;
  const proven = claims.filter((claim) =>
    claim.receipts.some((receipt) => receipt.stance === 'SUPPORTS' && receipt.verified),
  );
  const corroborated = claims.filter((claim) => supportingSources(claim).size >= 2);
  const verdicts = (verdict: ClaimMapClaim['verdict']) => claims.filter((claim) => claim.verdict === verdict).length;
  const [supported, mixed, refuted, unsupported] = [
    verdicts('SUPPORTED'),
    verdicts('MIXED'),
    verdicts('REFUTED'),
    verdicts('UNSUPPORTED'),
  ];
  const cited = new Set(claims.flatMap((claim) => [...supportingSources(claim)])).size;
  const answered = map.facets.filter((facet) => facet.answered).length;
  const model = map.engine.model ?? 'no model';
  const components = [
    component(
      'receipts',
      ratio(proven.length, claims.length),
      `${proven.length} of ${claims.length} claim sentences carry a receipt that verifies`,
    ),
    component(
      'agreement',
      ratio(supported + mixed / 2, claims.length),
      `verdicts of ${claims.length} claims: ${supported} supported, ${mixed} mixed, ${refuted} refuted, ${unsupported} unsupported`,
    ),
    component(
      'corroboration',
      ratio(corroborated.length, claims.length),
      `claims with 2 or more independent sources: ${corroborated.length} of ${claims.length}`,
    ),
    component(
      'sources',
      Math.min(1, cited / ENOUGH_SOURCES),
      `${map.sources.length} sources read, ${cited} cited; ${ENOUGH_SOURCES} cited count as enough`,
    ),
    component(
      'coverage',
      ratio(answered, map.facets.length),
      `clauses of the question answered: ${answered} of ${map.facets.length}`,
    ),
    component('engine', map.engine.model === null ? 1 : 0.5, `engine: ${map.engine.name}, ${model}`),
  ];
  return { overall: overallOf(components), components, flags: flagsOf(map, cited, corroborated.length) };
}

/** Checks every receipt of the map again from the texts it carries, then scores. */
export function recountTrust(map: ClaimMap, textOf?: (snapshotId: string) => string | null): Trust {
  const checks = verifyClaimMap(map, textOf);
  const verified = new Set(
    checks.filter((check) => check.verified).map((check) => `${check.claimId}/${check.receipt}`),
  );
  return scoreTrust({
    ...map,
    claims: map.claims.map((claim) => ({
      ...claim,
      receipts: claim.receipts.map((receipt, index) => ({
        ...receipt,
        verified: verified.has(`${claim.id}/${index}`),
      })),
    })),
  });
}

const supportingSources = (claim: ClaimMapClaim) =>
  new Set(claim.receipts.filter((receipt) => receipt.stance === 'SUPPORTS').map((receipt) => receipt.sourceId));

const component = (name: keyof typeof TRUST_WEIGHTS, score: number, basis: string): TrustComponent => ({
  name,
  score: round(score),
  weight: TRUST_WEIGHTS[name],
  basis,
});

/** Σ weight × score ÷ Σ weight, to three places. */
export function overallOf(components: readonly TrustComponent[]): number {
  const weights = components.reduce((sum, { weight }) => sum + weight, 0);
  return weights === 0 ? 0 : round(components.reduce((sum, { weight, score }) => sum + weight * score, 0) / weights);
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const round = (value: number) => Math.round(value * 1000) / 1000;

function flagsOf(map: ClaimMap, cited: number, corroborated: number): Uncertainty[] {
  const flags: Uncertainty[] = [];
  const unverified = map.claims.filter((claim) => !claim.receipts.some((receipt) => receipt.verified)).length;
  if (unverified > 0)
    flags.push({ code: 'UNVERIFIED_CLAIMS', message: `${unverified} claims have no receipt that verifies.` });
  if (cited === 1) flags.push({ code: 'SINGLE_SOURCE', message: 'The whole report rests on one source.' });
  const single = map.claims.length - corroborated;
  if (cited > 1 && single > 0)
    flags.push({
      code: 'UNCORROBORATED',
      message: `${single} of ${map.claims.length} claims are stated by one source only.`,
    });
  const disputed = map.claims.filter((claim) => claim.verdict === 'MIXED' || claim.verdict === 'REFUTED').length;
  if (disputed > 0)
    flags.push({ code: 'SOURCES_DISAGREE', message: `${disputed} claims are contradicted by another source.` });
  for (const facet of map.facets.filter((candidate) => !candidate.answered)) {
    flags.push({ code: 'UNANSWERED', message: `Nothing was found that answers “${facet.text}”.` });
  }
  if (map.uncoveredTerms.length > 0) {
    flags.push({
      code: 'NOT_IN_LIBRARY',
      message: `No sentence that can be quoted speaks of ${map.uncoveredTerms.map((term) => `“${term}”`).join(', ')}.`,
    });
  }
  const undated = map.sources.filter((source) => source.number !== null && source.year === null).length;
  if (undated > 0) flags.push({ code: 'UNDATED_SOURCES', message: `${undated} cited sources carry no year.` });
  return flags;
}
