/**
 * Token buckets that all API processes share, without a round trip a request.
 *
 * Each process mirrors the buckets it uses, decides by its mirror, and settles what it has spent with Postgres every
 * `SETTLE_MS`: one statement for all buckets, which answers what is left of each after everybody's spending. A bucket fills
 * up again evenly, to its quota in the course of `WINDOW_MS`.
 *
 * Invariants: a process never has more than a tenth of a quota unsettled (it waits for Postgres first), so n processes
 * together go over a quota by n tenths of it at most, and for a moment: what was spent beyond is a debt of the bucket. What
 * is refused takes from no bucket. While Postgres does not answer, each process limits by its own mirror alone.
 */
import { sha256 } from '../../identity/sessions/secret-token.js';
import type { SqlRunner } from '../../platform/database/sql.js';

export const WINDOW_MS = 60_000; // a minute
const SETTLE_MS = 200; // 0.2 seconds
const UNSETTLED_SHARE = 0.1; // of a quota
const RETRY_SETTLING_MS = 1_000; // 1 second after Postgres did not answer
const MAX_MIRRORS = 50_000; // 10 MB; more subjects than that within a minute are no users

export interface Claim {
  /** Who or what is limited, unique with the kind of limit: `address requests 192.0.2.1`. */
  bucket: string;
  /** In a window; above 0. */
  quota: number;
}

interface Mirror {
  readonly key: Buffer;
  readonly quota: number;
  level: number; // at `levelAt`, after all that was settled
  levelAt: number;
  unsettled: number;
}

export interface RateLimiterOptions {
  sql: SqlRunner; // of role pw_app; needs no tenant
  onError: (error: unknown) => void;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
}

export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #now: () => number;
  readonly #mirrors = new Map<string, Mirror>();
  #settling: Promise<boolean> | undefined;
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Takes `amount` from every bucket, or from none: answers how long to wait until it can be had, with the bucket that
   * takes longest, or null when it was taken. More than a quota is asked of a full bucket, and leaves a debt.
   */
  async take(claims: readonly Claim[], amount: number): Promise<{ waitMs: number; claim: Claim } | null> {
    const mirrors = claims.map((claim) => this.#mirror(claim));
    while (
      mirrors.some((mirror) => mirror.unsettled > 0 && mirror.unsettled + amount > mirror.quota * UNSETTLED_SHARE)
    ) {
      if (!(await this.settle())) break;
    }
    let refusal: { waitMs: number; claim: Claim } | null = null;
    for (const [index, mirror] of mirrors.entries()) {
      const missing = Math.min(amount, mirror.quota) - this.#available(mirror);
      const waitMs = Math.ceil((missing * WINDOW_MS) / mirror.quota);
      const claim = claims[index];
      if (claim && waitMs > (refusal?.waitMs ?? 0)) refusal = { waitMs, claim };
    }
    if (refusal) return refusal;
    for (const mirror of mirrors) mirror.unsettled += amount;
    this.#timer ??= setTimeout(() => void this.settle(), SETTLE_MS).unref();
    return null;
  }

  /** What is left of a bucket, to this process' knowledge; never below 0. */
  remaining(claim: Claim): number {
    return Math.max(0, Math.floor(this.#available(this.#mirror(claim))));
  }

  /** One at a time; who comes meanwhile gets the outcome of the one under way. False: Postgres did not answer. */
  settle(): Promise<boolean> {
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  /** Settles what is left to settle. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.settle();
    clearTimeout(this.#timer);
  }

  async #settleAll(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#now() < this.#notBefore) return false;
    const spent = [...this.#mirrors.values()]
      .filter((mirror) => mirror.unsettled > 0)
      .map((mirror) => ({ mirror, amount: mirror.unsettled }));
    if (spent.length === 0) return true;
    try {
      const rows = await this.#options.sql.query<{ key: Buffer; remaining: number }>(
        'select key, remaining from settle_rate_buckets($1, $2, $3, $4)',
        [
          spent.map(({ mirror }) => mirror.key),
          spent.map(({ amount }) => amount),
          spent.map(({ mirror }) => mirror.quota),
          WINDOW_MS,
        ],
      );
      const levels = new Map(rows.map(({ key, remaining }) => [key.toString('hex'), remaining]));
      for (const { mirror, amount } of spent) {
        mirror.unsettled -= amount;
        mirror.level = levels.get(mirror.key.toString('hex')) ?? mirror.level;
        mirror.levelAt = this.#now();
      }
      this.#forgetIdle();
      return true;
    } catch (error) {
      this.#notBefore = this.#now() + RETRY_SETTLING_MS;
      this.#options.onError(error);
      return false;
    }
  }

  #available(mirror: Mirror): number {
    const refilled = ((this.#now() - mirror.levelAt) * mirror.quota) / WINDOW_MS;
    return Math.min(mirror.quota, mirror.level + refilled) - mirror.unsettled;
  }

  #mirror({ bucket, quota }: Claim): Mirror {
    const known = this.#mirrors.get(bucket);
    if (known) return known;
    const mirror = { key: sha256(bucket), quota, level: quota, levelAt: this.#now(), unsettled: 0 };
    this.#mirrors.set(bucket, mirror);
    return mirror;
  }

  /** A mirror that was last settled a window ago says nothing any more. */
  #forgetIdle(): void {
    const oldest = this.#mirrors.size > MAX_MIRRORS ? this.#now() : this.#now() - WINDOW_MS;
    for (const [bucket, mirror] of this.#mirrors) {
      if (mirror.unsettled === 0 && mirror.levelAt < oldest) this.#mirrors.delete(bucket);
    }
  }
}
