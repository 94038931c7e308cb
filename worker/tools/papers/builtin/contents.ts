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
import type { Assessment, PaperSource } from './paper-source.js';

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

export function readContents(_source: PaperSource, _before: ReadBefore): Contents {
  return {
    tables: [],
    figures: [],
    equations: [],
    datasets: [],
    metrics: [],
    claims: [],
    confidence: [],
    uncertainties: [],
  };
}
