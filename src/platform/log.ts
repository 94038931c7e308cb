/** Structured logs on stderr, one JSON object a line; stdout belongs to what a person asked for. */
import { type Logger, pino } from 'pino';

export type Log = Logger;

export const createLog = (name: string, level: string): Log =>
  pino(
    { name, level, redact: ['password', 'token', 'authorization', 'secret', '*.password', '*.token'] },
    pino.destination(2),
  );
