/** A process of many subscribers. Told over IPC whom to follow; tells when all have begun, and at the end what each saw. */
import { createHash } from 'node:crypto';
import { followToTheEnd, type Subscription } from '../support/subscriber.js';

export type Orders = Omit<Subscription, 'onReady' | 'startAt'> & { clients: number };
export type Report =
  | { type: 'ready' }
  | { type: 'done'; histories: { count: number; sha256: string }[]; interruptions: (string | number)[] };

process.on('disconnect', () => process.exit(0));
process.once('message', async ({ clients, ...orders }: Orders) => {
  const tell = (report: Report) => void process.send?.(report);
  let waiting = clients;
  const onReady = () => {
    waiting -= 1;
    if (waiting === 0) tell({ type: 'ready' });
  };
  const histories = await Promise.all(
    Array.from({ length: clients }, (_, startAt) => followToTheEnd({ ...orders, startAt, onReady })),
  );
  tell({
    type: 'done',
    histories: histories.map(({ seen }) => ({ count: seen.length, sha256: digest(seen) })),
    interruptions: histories.flatMap((history) => history.interruptions),
  });
});

const digest = (seen: string[]) => createHash('sha256').update(seen.join('\n')).digest('hex');
