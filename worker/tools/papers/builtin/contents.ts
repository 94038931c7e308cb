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
import { type Caption, captionsOf } from './contents/captions.js';
import { readClaims } from './contents/claims.js';
import { trustIn } from './contents/contents-confidence.js';
import { readDatasets } from './contents/datasets.js';
import { doubtsOfEquations, readEquations, type SetEquation } from './contents/equations.js';
import { readFigures } from './contents/figures.js';
import { readMetrics } from './contents/metrics.js';
import { pagesOf } from './contents/page-lines.js';
import { captionSentences, proseSentences } from './contents/prose-sentences.js';
import { readTableMetrics } from './contents/table-metrics.js';
import { doubtsOfTables, readTables, type SetTable } from './contents/tables.js';
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
  const list = referenceList(before);
  const { tables, figures, equations, captions, taken } = partsOf(source, list.startOffset);
  const sentences = proseSentences(source, {
    sections: before.sections,
    references: list,
    abstract: before.abstract,
    isTaken: ({ startOffset }) => taken.has(startOffset),
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

interface Parts {
  tables: SetTable[];
  figures: PaperFigure[];
  equations: SetEquation[];
  captions: Caption[];
  taken: ReadonlySet<number>; // offsets at which their lines begin
}

/** What is set apart from the prose: found by where it stands on pages, or as a source without pages writes it. */
function partsOf({ text, layout }: PaperSource, endsAt: number): Parts {
  if (layout.pages.length === 0) {
    const { paragraphs } = layout;
    const equations = unpagedEquations(paragraphs).map((equation) => ({ equation, isWhole: true }));
    const figures = unpagedFigures(paragraphs);
    return { tables: unpagedTables(paragraphs), figures, equations, captions: [], taken: new Set() };
  }
  const bytes = Buffer.from(text);
  const pages = pagesOf(layout);
  const captions = captionsOf(pages, (start, end) => bytes.toString('utf8', start, end));
  const tables = readTables(captions);
  const taken = new Set([...captions.flatMap(({ lines }) => lines), ...tables.flatMap(({ lines }) => lines)]);
  const equations = readEquations({ pages, taken, endsAt });
  const starts = new Set([...taken].map(({ startOffset }) => startOffset));
  return { tables, figures: readFigures(captions), equations, captions, taken: starts };
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
