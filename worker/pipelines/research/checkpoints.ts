/** What each stage of a research run leaves for the next ones: JSON, kept as its checkpoint. */
import type { FactCheck } from '../../tools/writer/check-facts.js';
import type { Draft } from '../../tools/writer/draft-shape.js';
import type { EvidenceSnippet, PinnedSource } from '../../tools/writer/evidence-snippet.js';
import type { ModelNote } from '../../tools/writer/model-note.js';
import type { Outline } from '../../tools/writer/outline.js';

export interface Retrieved {
  question: string;
  /** Best first. */
  sources: { sourceId: string; score: number }[];
  snippets: { snippetId: string; score: number }[];
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
