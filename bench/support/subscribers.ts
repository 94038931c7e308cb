/** Starts and orders the processes of clients. */
import { type Child, startChild } from './child-process.js';
import type { FollowOrder, Order, Receipt, Report } from './subscriber-process.js';

export interface Subscribers {
  /** Resolves with what was received since the last time, once it is `count` events over all clients. */
  received(count: number): Promise<Receipt[]>;
  stop(): Promise<void>;
}

/** Resolves when every client has had its first answer. */
export async function startSubscribers(order: Omit<FollowOrder, 'type'>): Promise<Subscribers> {
  const child: Child<Order, Report> = startChild('./subscriber-process.js');
  const ready = child.next((report): report is Extract<Report, { type: 'ready' }> => report.type === 'ready');
  child.send({ type: 'follow', ...order });
  try {
    await ready;
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    async received(count) {
      const all = child.next((report): report is Extract<Report, { type: 'received' }> => report.type === 'received');
      child.send({ type: 'expect', count });
      return (await all).receipts;
    },
    stop: () => child.stop(),
  };
}
