/** Counts as people write them: `10k`, `1M`, `64000`. */

const SCALES: Record<string, number> = { '': 1, k: 1_000, M: 1_000_000 };

/** Throws TypeError when it is none. */
export function parseCount(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([kM]?)$/.exec(text.trim()) ?? [];
  const scale = SCALES[unit];
  if (!digits || !scale) throw new TypeError(`"${text}" is no count: write 10k, 1M or 64000.`);
  return Number(digits) * scale;
}
