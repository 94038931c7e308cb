/** What a research run was asked and what it has made so far. One row beside each run of the kind. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { ConnectorName } from './connector-name.js';

export interface StoredOutline {
  title: string;
  sections: { heading: string; facet: string | null; evidenceCount: number }[];
}

export interface StoredReport {
  title: string;
  markdown: string;
  wordCount: number;
  sections: { heading: string; level: number; sentences: StoredSentence[] }[];
}

export interface StoredSentence {
  text: string;
  startOffset: number; // UTF-8 bytes into the report's Markdown, half-open
  endOffset: number;
  claimId: string | null; // null: prose of the report's own
}

export const ResearchRunEntity = defineEntity({
  name: 'ResearchRunDetails',
  tableName: 'research_runs',
  properties: {
    runId: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    question: p.text(),
    approveOutline: p.boolean(),
    connectors: p.array<ConnectorName>().columnType('text[]').default(['LIBRARY']),
    outline: p.json<StoredOutline>().nullable(),
    report: p.json<StoredReport>().nullable(),
  },
});

export type ResearchRunDetails = InferEntity<typeof ResearchRunEntity>;
