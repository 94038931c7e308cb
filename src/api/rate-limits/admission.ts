/**
 * Lets requests and operations in, or refuses them with RATE_LIMITED, `details.retryAfterMs`, 429 and `Retry-After`. A
 * request counts once for its address, before anything is known of its sender, and for the person and the key when they
 * are known; an operation, over HTTP or a socket, is charged its cost besides. What is left is told in `RateLimit` and
 * `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
 */
import type { RateQuotas } from '../../config-edge.js';
import { AppError } from '../../platform/errors.js';
import { type RateLimiter, WINDOW_MS } from './rate-limiter.js';
import { claimsOf, type NamedClaim, type Who } from './subjects.js';

export interface Admission {
  /** Counts one request of an address. */
  address(ip: string): Promise<void>;
  /** Counts it for the person and the key; the address has counted it already. */
  caller(who: Who): Promise<void>;
  /** Counts an operation of a socket: for the address, the person and the key. */
  operation(who: Who): Promise<void>;
  /** Charges an operation's cost. Answers what is left of the scarcest budget; undefined when none is limited. */
  charge(who: Who, cost: number): Promise<number | undefined>;
  /** The headers of an answer; none when nothing is limited. */
  headers(who: Who): Record<string, string>;
}

export function createAdmission(limiter: RateLimiter, quotas: RateQuotas): Admission {
  async function take(claims: NamedClaim[], amount: number): Promise<void> {
    const refusal = claims.length > 0 ? await limiter.take(claims, amount) : null;
    if (refusal) throw rateLimited(refusal.claim as NamedClaim, refusal.waitMs);
  }
  const requests = (who: Who) => claimsOf(quotas, 'requests', who);

  return {
    address: (ip) => take(requests({ actor: null, ip }), 1),
    caller: (who) =>
      take(
        requests(who).filter(({ subject }) => subject !== 'address'),
        1,
      ),
    operation: (who) => take(requests(who), 1),
    async charge(who, cost) {
      const claims = claimsOf(quotas, 'cost', who);
      await take(claims, cost);
      return claims.length > 0 ? Math.min(...claims.map((claim) => limiter.remaining(claim))) : undefined;
    },
    headers(who): Record<string, string> {
      const claims = [...requests(who), ...(who.actor ? claimsOf(quotas, 'cost', who) : [])];
      const standings = claims.map((claim) => ({ claim, left: limiter.remaining(claim) }));
      const scarcest = standings.sort((a, b) => a.left / a.claim.quota - b.left / b.claim.quota)[0];
      if (!scarcest) return {};
      const { claim, left } = scarcest;
      const fullInSeconds = Math.ceil(((claim.quota - left) * WINDOW_MS) / claim.quota / 1000);
      return {
        ratelimit: `"${claim.name}";r=${left};t=${fullInSeconds}`,
        'ratelimit-policy': claims.map(policyOf).join(', '),
      };
    },
  };
}

const policyOf = ({ name, quota, kind }: NamedClaim): string =>
  `"${name}";q=${quota};w=${WINDOW_MS / 1000}${kind === 'cost' ? ';qu="cost"' : ''}`;

const WHOSE = { address: 'your address', user: 'your account', key: 'your key or session' };

function rateLimited({ kind, subject, quota }: NamedClaim, retryAfterMs: number): AppError {
  const what = kind === 'cost' ? 'Operations that cost too much together' : 'Too many requests';
  return new AppError(
    'RATE_LIMITED',
    `${what} from ${WHOSE[subject]}: try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    {
      retryable: true,
      details: { retryAfterMs, limit: quota, windowMs: WINDOW_MS, of: subject, counted: kind },
      hint:
        kind === 'cost'
          ? 'Ask for less at once (`extensions.cost` of each answer tells what it cost), or wait.'
          : 'Wait, then send the same request again; follow runs by subscription rather than by asking again and again.',
    },
  );
}
