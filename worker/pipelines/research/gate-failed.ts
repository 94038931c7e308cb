/** The failure of a gate: names the sentences that did not pass, so that a person sees what is wrong and where. */
import { AppError } from '../../../src/platform/errors.js';

export interface GateFinding {
  code: string;
  message: string;
  sentence: string | null;
}

const SHOWN = 3; // sentences in the message; the details have all

/** A GATE_FAILED error for findings of the gate called `gate`; there is at least one. */
export function gateFailed(gate: string, findings: readonly GateFinding[]): AppError {
  const shown = findings
    .slice(0, SHOWN)
    .map(({ sentence, message }) => (sentence === null ? message : `“${sentence}” (${message})`));
  const more = findings.length > SHOWN ? ` and ${findings.length - SHOWN} more` : '';
  return new AppError('GATE_FAILED', `The ${gate} gate refused the draft: ${shown.join('; ')}${more}.`, {
    details: { gate, findings },
    hint: 'No report was published. Start the run again; if it fails in the same way, report the sentences named here.',
  });
}
