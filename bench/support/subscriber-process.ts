/**
 * Clients in a process of their own, so that what they cost is not taken for the server's. Started by subscribers.ts; ends
 * when its parent is gone. An error in a client ends the process, and with it the measurement.
 */
import { monotonicMs } from './clock.js';
import { followByPolling } from './follow-by-polling.js';
import { followBySocket } from './follow-by-socket.js';

export interface FollowOrder {
  type: 'follow';
  how: 'socket' | 'polling';
  url: string; // of the API
  token: string;
  runIds: string[]; // public; client i follows the run i modulo their number
  clients: number;
}

export type Order =
  | FollowOrder
  /** Report when `count` events, over all clients, have been received since the last report. */
  | { type: 'expect'; count: number };

/** [place of the run in `runIds`, seq, monotonic ms] */
export type Receipt = [run: number, seq: number, at: number];

export type Report = { type: 'ready' } | { type: 'received'; receipts: Receipt[] };

const OPENED_AT_ONCE = 25; // clients: a thousand handshakes at once would time out on a slow machine

const followBy = { socket: followBySocket, polling: followByPolling };
let receipts: Receipt[] = [];
let expected = Number.POSITIVE_INFINITY;

process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  if (order.type === 'follow') return void follow(order).then(() => tell({ type: 'ready' }));
  expected = order.count;
  reportWhenAllCame();
});

async function follow({ how, url, token, runIds, clients }: FollowOrder): Promise<void> {
  for (let opened = 0; opened < clients; opened += OPENED_AT_ONCE) {
    const places = Array.from(
      { length: Math.min(OPENED_AT_ONCE, clients - opened) },
      (_, i) => (opened + i) % runIds.length,
    );
    await Promise.all(places.map((place) => open(place)));
  }

  function open(place: number): Promise<void> {
    return new Promise((resolve) => {
      const onEvent = (seq: number) => {
        receipts.push([place, seq, monotonicMs()]);
        reportWhenAllCame();
      };
      followBy[how]({ url, token, runId: runIds[place] ?? '', onReady: resolve, onEvent });
    });
  }
}

function reportWhenAllCame(): void {
  if (receipts.length < expected) return;
  tell({ type: 'received', receipts });
  receipts = [];
  expected = Number.POSITIVE_INFINITY;
}

function tell(report: Report): void {
  process.send?.(report);
}
