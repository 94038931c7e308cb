/** The edge that ships for production: as the settings make it, not as a test imagines it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EdgeSettings } from '../../src/api/edge-settings.js';
import { loadPersistedDocuments } from '../../src/api/graphql/persisted-documents.js';
import { loadConfig } from '../../src/config.js';

/** `env`: settings besides PROFILE=production. */
export async function productionEdge(env: Record<string, string> = {}): Promise<EdgeSettings> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'paperwright-edge-'));
  const { edge } = loadConfig({ DATA_DIR: dataDir, SECRET_KEY: 'k'.repeat(32), PROFILE: 'production', ...env });
  return { ...edge, documents: await loadPersistedDocuments(edge.documents.mode, edge.documents.file) };
}
