/**
 * What a report says of the language model that helped with it, or was to. Closed templates, like all prose of the
 * report's own, so that the validate gate knows them.
 */
export interface ModelSetback {
  stage: 'outline' | 'draft' | 'factcheck';
  reason: 'BUDGET' | 'FAILED' | 'UNUSABLE';
}

/** How a language model has taken part in a report. */
export interface ModelNote {
  helped: ('outline' | 'draft')[];
  /** Names of those that did. */
  models: string[];
  /** From which stage on there was none, although one was to be asked. */
  setback: ModelSetback | null;
}

const HELP = { outline: 'arranged the sections', draft: 'chose among the sentences' } as const;
const SETBACK = {
  BUDGET: 'what is left of its budget does not hold another call',
  FAILED: 'it did not answer',
  UNUSABLE: 'its answer could not be used',
} as const;

/** Said among the limits when a language model was to help: what it did, and from where on it did nothing. */
export function modelSentences({ helped, setback }: Pick<ModelNote, 'helped' | 'setback'>): string[] {
  const lines: string[] = [];
  if (helped.length > 0) {
    lines.push(
      `A language model ${helped.map((stage) => HELP[stage]).join(' and ')}; each sentence is still a quote, found and checked without it.`,
    );
  }
  if (setback) {
    lines.push(
      `From the ${setback.stage} on the report was made without a language model, because ${SETBACK[setback.reason]}.`,
    );
  }
  return lines;
}

/** The sentences above and no other. */
export const MODEL_TEMPLATES: readonly RegExp[] = [
  /^A language model (?:arranged the sections|chose among the sentences|arranged the sections and chose among the sentences); each sentence is still a quote, found and checked without it\.$/u,
  /^From the (?:outline|draft) on the report was made without a language model, because (?:what is left of its budget does not hold another call|it did not answer|its answer could not be used)\.$/u,
];
