/** What every way into the API asks before it serves: HTTP operations, sockets, event streams. One each per process. */
import type { SocketCaps } from '../config-edge.js';
import type { Database } from '../platform/database/database.js';
import type { Log } from '../platform/log.js';
import { networkOf } from '../platform/network-of.js';
import type { EdgeSettings } from './edge-settings.js';
import { Occupancy } from './occupancy.js';
import { type Admission, createAdmission } from './rate-limits/admission.js';
import { RateLimiter } from './rate-limits/rate-limiter.js';

export interface Guards {
  admission: Admission;
  /** Counts an open socket or stream; throws RATE_LIMITED. Returns what gives its place back. */
  openSocket(who: { ip: string } | { userId: string }): () => void;
  /** Counts an operation that stays open. */
  openSubscription(who: { ip: string; userId: string | undefined }): () => void;
  /** Counts an event stream: a connection and a subscription in one. */
  openStream(who: { ip: string; userId: string }): () => void;
  close(): Promise<void>;
}

export function createGuards(database: Database, edge: Pick<EdgeSettings, 'quotas' | 'sockets'>, log: Log): Guards {
  const limiter = new RateLimiter({
    sql: database.nobody,
    onError: (error) => log.warn({ err: error }, 'rate limits were not settled: this process limits by itself'),
  });
  const occupancy = new Occupancy();
  const openSocket: Guards['openSocket'] = (who) => occupancy.claim('connections', [socketPlace(edge.sockets, who)]);
  const openSubscription: Guards['openSubscription'] = ({ ip, userId }) =>
    occupancy.claim('subscriptions', [
      { whose: 'your address', id: `subscriptions ${networkOf(ip)}`, cap: edge.sockets.subscriptionsPerAddress },
      ...(userId
        ? [{ whose: 'your account', id: `subscriptions ${userId}`, cap: edge.sockets.subscriptionsPerUser }]
        : []),
    ]);
  return {
    admission: createAdmission(limiter, edge.quotas),
    openSocket,
    openSubscription,
    openStream({ ip, userId }) {
      const claims = [() => openSocket({ ip }), () => openSocket({ userId }), () => openSubscription({ ip, userId })];
      const held: (() => void)[] = [];
      const leave = () => {
        for (const giveBack of held) giveBack();
      };
      try {
        for (const claim of claims) held.push(claim());
      } catch (error) {
        leave();
        throw error;
      }
      return leave;
    },
    close: () => limiter.close(),
  };
}

const socketPlace = (caps: SocketCaps, who: { ip: string } | { userId: string }) =>
  'ip' in who
    ? { whose: 'your address', id: `sockets ${networkOf(who.ip)}`, cap: caps.socketsPerAddress }
    : { whose: 'your account', id: `sockets ${who.userId}`, cap: caps.socketsPerUser };
