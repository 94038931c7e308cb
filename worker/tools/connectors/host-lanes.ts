/** A lane for each host that is asked now and then; those nobody uses are forgotten before there are many. */
import type { Clock } from './clock.js';
import { Lane } from './lane.js';
import type { SharedLanes } from './shared-lanes.js';

const MANY = 500; // lanes; each is a few hundred bytes
const SPACING_MS = 1_000; // 1 second: no host is asked for more than a handful of files a run

export class HostLanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #clock: Clock;
  readonly #shared: SharedLanes | undefined;

  constructor(clock: Clock, shared?: SharedLanes) {
    this.#clock = clock;
    this.#shared = shared;
  }

  of(url: string): Lane {
    const { host } = new URL(url);
    const known = this.#lanes.get(host);
    if (known) return known;
    if (this.#lanes.size >= MANY) this.#forgetIdle();
    const lane = new Lane({ name: host, spacingMs: SPACING_MS, clock: this.#clock, shared: this.#shared });
    this.#lanes.set(host, lane);
    return lane;
  }

  #forgetIdle(): void {
    for (const [host, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(host);
  }
}
