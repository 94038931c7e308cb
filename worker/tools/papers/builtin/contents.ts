/** What stands between the headings besides prose, and what the prose asserts. */
import type {
  CandidateClaim,
  DatasetMention,
  MetricMention,
  PaperEquation,
  PaperFigure,
  PaperReference,
  PaperSection,
  PaperTable,
} from '../../../../src/papers/structured-paper.js';
import { captionsOf } from './captions.js';
import { doubtsOfEquations, readEquations } from './equations.js';
import { readFigures } from './figures.js';
import { pagesOf } from './page-lines.js';
import type { Assessment, PaperSource } from './paper-source.js';
import { doubtsOfTables, readTables } from './tables.js';

export interface Contents extends Assessment {
  tables: PaperTable[];
  figures: PaperFigure[];
  equations: PaperEquation[];
  datasets: DatasetMention[];
  metrics: MetricMention[];
  claims: CandidateClaim[];
}

export interface ReadBefore {
  sections: readonly PaperSection[];
  references: readonly PaperReference[];
}

export function readContents(source: PaperSource, before: ReadBefore): Contents {
  const bytes = Buffer.from(source.text);
  const pages = pagesOf(source.layout);
  const captions = captionsOf(pages, (start, end) => bytes.toString('utf8', start, end));
  const tables = readTables(captions);
  const taken = new Set([...captions.flatMap(({ lines }) => lines), ...tables.flatMap(({ lines }) => lines)]);
  const equations = readEquations({ pages, taken, endsAt: referencesStart(before) });
  return {
    tables: tables.map(({ table }) => table),
    figures: readFigures(captions),
    equations: equations.map(({ equation }) => equation),
    datasets: [],
    metrics: [],
    claims: [],
    confidence: [],
    uncertainties: [...doubtsOfTables(tables), ...doubtsOfEquations(equations)],
  };
}

/** Where the reference list begins: at its first entry, else under the last heading that announces one. */
export function referencesStart({ sections, references }: ReadBefore): number {
  if (references.length > 0) return Math.min(...references.map(({ startOffset }) => startOffset));
  return sections.findLast(({ role }) => role === 'REFERENCES')?.startOffset ?? Number.POSITIVE_INFINITY;
}
