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
import { captionsOf } from './contents/captions.js';
import { readClaims } from './contents/claims.js';
import { trustIn } from './contents/contents-confidence.js';
import { readDatasets } from './contents/datasets.js';
import { doubtsOfEquations, readEquations } from './contents/equations.js';
import { readFigures } from './contents/figures.js';
import { readMetrics } from './contents/metrics.js';
import { pagesOf } from './contents/page-lines.js';
import { captionSentences, proseSentences } from './contents/prose-sentences.js';
import { readTableMetrics } from './contents/table-metrics.js';
import { doubtsOfTables, readTables } from './contents/tables.js';
import { unpagedEquations, unpagedFigures, unpagedTables } from './contents/unpaged.js';
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

export function readContents(source: PaperSource, before: ReadBefore): Contents {
  const bytes = Buffer.from(source.text);
  const pages = pagesOf(source.layout);
  const captions = captionsOf(pages, (start, end) => bytes.toString('utf8', start, end));
  const { paragraphs } = source.layout;
  const tables = pages.length > 0 ? readTables(captions) : unpagedTables(paragraphs);
  const taken = new Set([...captions.flatMap(({ lines }) => lines), ...tables.flatMap(({ lines }) => lines)]);
  const list = referenceList(before);
  const equations = readEquations({ pages, taken, endsAt: list.startOffset });
  const starts = new Set([...taken].map(({ startOffset }) => startOffset));
  const sentences = proseSentences(source, {
    sections: before.sections,
    references: list,
    abstract: before.abstract,
    isTaken: ({ startOffset }) => starts.has(startOffset),
  });
  const captioned = captionSentences(captions, before.sections, source.text);
  const datasets = readDatasets([...sentences, ...captioned], source.lines);
  const names = datasets.map(({ name }) => name);
  const figures = pages.length > 0 ? readFigures(captions) : unpagedFigures(paragraphs);
  const metrics = inOrder([...readMetrics(sentences, source.lines), ...readTableMetrics(tables, names)]);
  const claims = readClaims(sentences, source.lines);
  return {
    tables: tables.map(({ table }) => table),
    figures,
    equations: pages.length > 0 ? equations.map(({ equation }) => equation) : unpagedEquations(paragraphs),
    datasets,
    metrics,
    claims,
    confidence: trustIn({ tables, figures, equations, datasets, metrics, claims, sentences }),
    uncertainties: [...doubtsOfTables(tables), ...doubtsOfEquations(equations)],
  };
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
