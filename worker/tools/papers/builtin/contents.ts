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
  Place,
} from '../../../../src/papers/structured-paper.js';
import { readClaims } from './contents/claims.js';
import { trustIn } from './contents/contents-confidence.js';
import { readDatasets } from './contents/datasets.js';
import { doubtsOfEquations, readEquations, type SetEquation } from './contents/equations.js';
import { readMetrics } from './contents/metrics.js';
import { captionSentences, proseSentences } from './contents/prose-sentences.js';
import type { SetApart } from './contents/set-apart.js';
import { readTableMetrics } from './contents/table-metrics.js';
import { doubtsOfTables } from './contents/tables.js';
import { unpagedEquations } from './contents/unpaged.js';
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
  abstract: Place | null;
}

export function readContents(source: PaperSource, before: ReadBefore, apart: SetApart): Contents {
  const list = referenceList(before);
  const { tables, figures, captions } = apart;
  const equations = equationsOf(source, apart, list.startOffset);
  const sentences = proseSentences(source, {
    sections: before.sections,
    references: list,
    abstract: before.abstract,
    isTaken: ({ startOffset }) => apart.starts.has(startOffset),
  });
  const captioned = captionSentences(captions, before.sections, source.text);
  const datasets = readDatasets([...sentences, ...captioned], source.lines);
  const names = datasets.map(({ name }) => name);
  const metrics = inOrder([...readMetrics(sentences, source.lines), ...readTableMetrics(tables, names)]);
  const claims = readClaims(sentences, source.lines);
  return {
    tables: tables.map(({ table }) => table),
    figures,
    equations: equations.map(({ equation }) => equation),
    datasets,
    metrics,
    claims,
    confidence: trustIn({ tables, figures, equations, datasets, metrics, claims, sentences }),
    uncertainties: [...doubtsOfTables(tables), ...doubtsOfEquations(equations)],
  };
}

function equationsOf({ layout }: PaperSource, { pages, taken }: SetApart, endsAt: number): SetEquation[] {
  if (layout.pages.length > 0) return readEquations({ pages, taken, endsAt });
  return unpagedEquations(layout.paragraphs).map((equation) => ({ equation, isWhole: true }));
}

const inOrder = (metrics: readonly MetricMention[]): MetricMention[] =>
  [...metrics].sort((a, b) => a.startOffset - b.startOffset);

/** From the first entry to the last, or from the heading that announces a list to the next one. */
function referenceList({ sections, references }: ReadBefore): { startOffset: number; endOffset: number } {
  if (references.length > 0) {
    const startOffset = Math.min(...references.map((entry) => entry.startOffset));
    return { startOffset, endOffset: Math.max(...references.map((entry) => entry.endOffset)) };
  }
  const index = sections.findLastIndex(({ role }) => role === 'REFERENCES');
  const startOffset = sections[index]?.startOffset ?? Number.POSITIVE_INFINITY;
  return { startOffset, endOffset: sections[index + 1]?.startOffset ?? Number.POSITIVE_INFINITY };
}
