/** Whether a host name or address means this machine and nobody else can reach it. */
import { isIP } from 'node:net';

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
