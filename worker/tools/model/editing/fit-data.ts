/** Keeps a prompt within its size: the last items, which are the least, go first. */
import type { ModelMessage } from '../language-model.js';

const STEP = 0.9; // a tenth at a time: within a tenth of what would fit, in few tries

export function fitData<Item, Data>(
  items: readonly Item[],
  toData: (items: readonly Item[]) => Data,
  toPrompt: (data: Data) => readonly ModelMessage[],
  maxBytes: number,
): Data {
  for (let count = items.length; ; count = Math.floor(count * STEP)) {
    const data = toData(items.slice(0, count));
    const bytes = toPrompt(data).reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    if (bytes <= maxBytes || count === 0) return data;
  }
}
