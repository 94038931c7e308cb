/**
 * Lists of a term and what is done with them: each entry adds what the term is worth there to the score of its snippet.
 * An entry is four bytes, big-endian: the snippet's place in its segment × 256 + impact. The impact is BM25's share of a
 * term frequency, tf / (tf + k1 · (1 − b + b · length / average)), in 255ths: what the term is worth in the whole library
 * comes on top when a question is asked, so that lists do not age with the library.
 */

export const LISTS = 'impacts@1'; // raised with every change of what a list holds

const IMPACTS = 256;
const ENTRY_BYTES = 4;

export const entriesOf = (list: Uint8Array): number => list.length / ENTRY_BYTES;

/** Adds `worth` × impact to the score of each snippet of the list. */
export function addList(scores: Float32Array, list: Uint8Array, worth: number): void {
  const gains = Float64Array.from({ length: IMPACTS }, (_, impact) => (worth * impact) / (IMPACTS - 1));
  const entries = new DataView(list.buffer, list.byteOffset, list.byteLength);
  for (let at = 0; at < list.length; at += ENTRY_BYTES) {
    const entry = entries.getUint32(at);
    const place = entry >>> 8;
    scores[place] = (scores[place] as number) + (gains[entry & 0xff] as number);
  }
}

export interface PlacedScore {
  segment: string;
  place: number;
  score: number;
}

/** The best of all that is offered, without sorting what cannot be among them. */
export class BestPlaces {
  readonly #limit: number;
  #found: PlacedScore[] = [];
  #floor = 0; // less is not among the best

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(segment: string, scores: Float32Array): void {
    for (let place = 0; place < scores.length; place++) {
      const score = scores[place] as number;
      if (score <= this.#floor) continue;
      this.#found.push({ segment, place, score });
      if (this.#found.length >= 4 * this.#limit) this.#cut();
    }
  }

  /** Best first. */
  take(): PlacedScore[] {
    this.#cut();
    return this.#found;
  }

  #cut(): void {
    this.#found.sort((a, b) => b.score - a.score || compare(a.segment, b.segment) || a.place - b.place);
    this.#found.length = Math.min(this.#found.length, this.#limit);
    if (this.#found.length === this.#limit) this.#floor = this.#found.at(-1)?.score ?? 0;
  }
}

export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
