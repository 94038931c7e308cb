/** What each stage of a research run leaves for the next ones: JSON, kept as its checkpoint. */
import type { MergedWork } from '../../tools/connectors/merge-found-works.js';
import type { FactCheck } from '../../tools/writer/check-facts.js';
import type { Draft } from '../../tools/writer/draft-shape.js';
import type { EvidenceSnippet, PinnedSource } from '../../tools/writer/evidence-snippet.js';
import type { ModelNote } from '../../tools/writer/model-note.js';
import type { Outline } from '../../tools/writer/outline.js';

/** Best first. */
export interface FoundPassages {
  sources: { sourceId: string; score: number }[];
  snippets: { snippetId: string; score: number }[];
}

/** What the run could not look at: a report that does not say so promises too much. */
export interface RunUncertainty {
  code: 'CONNECTOR_FAILED' | 'SOURCE_NOT_READ' | 'EMBEDDINGS_LEFT_OUT';
  message: string;
}

export interface Retrieved extends FoundPassages {
  question: string;
  /** Of the services that were asked, best first; in no library yet. */
  works: MergedWork[];
  uncertainties: RunUncertainty[];
}

export interface PinnedSnapshot {
  id: string;
  sha256: string;
  bytes: number;
  mediaType: string;
  originalSha256: string | null;
  extractor: string;
}

/** The evidence of the run from here on: nothing that is added to the library later has a say. */
export interface Ingested {
  sources: PinnedSource[];
  snapshots: PinnedSnapshot[];
  snippets: EvidenceSnippet[];
  /** Of the search and of taking in what it found. */
  uncertainties: RunUncertainty[];
}

export type Outlined = Outline;

export interface Drafted {
  draft: Draft;
  /** Key of a claim in the draft → its row. */
  claimIds: Record<string, string>;
  /** Only where a language model was to help. */
  model?: ModelNote;
}

export type Factchecked = FactCheck;
