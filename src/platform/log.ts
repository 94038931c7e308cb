/**
 * Structured logs on stderr, one JSON object a line; stdout belongs to what a person asked for. No secret is in them:
 * every finished line goes through redact.ts.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { redactor } from './redact.js';
import { lineFacts } from './telemetry/facts.js';

export type Log = Logger;

export interface LogOptions {
  /** Of this installation; taken out wherever they turn up. */
  secrets?: readonly string[];
  /** Instead of stderr, for tests. */
  destination?: DestinationStream;
}

export const createLog = (name: string, level: string, { secrets, destination }: LogOptions = {}): Log =>
  pino(
    {
      name,
      level,
      mixin: lineFacts,
      hooks: { streamWrite: redactor(secrets) },
    },
    destination ?? pino.destination(2),
  );
