/** extract: the bytes become text, and the text an immutable snapshot. */
import { captureSnapshot } from '../../../src/evidence/capture-snapshot.js';
import { requireSnippets } from '../../../src/evidence/index-source.js';
import { MAX_UPLOAD_BYTES } from '../../../src/papers/prepare-upload.js';
import { contentKey, sha256Of } from '../../../src/platform/blobs/blob-key.js';
import type { Stage } from '../../engine/stage.js';
import { extractText } from '../../tools/documents/extract-text.js';
import type { ExtractOutput, FetchOutput } from './outputs.js';

export const extract: Stage = async (ctx) => {
  const { contentSha256, mediaType, fileName } = await ctx.output<FetchOutput>('fetch');
  const key = contentKey(ctx.tenantId, contentSha256);
  const bytes = await ctx.services.blobs.read(key, MAX_UPLOAD_BYTES, { signal: ctx.signal });
  ctx.progress({ done: 0, total: bytes.length, unit: 'bytes' });
  const named = fileName === null ? { bytes, mediaType } : { bytes, mediaType, fileName };
  const extracted = await extractText({ ...named, signal: ctx.signal });
  requireSnippets(extracted); // better to fail here than with an index of nothing
  const isOriginal = sha256Of(extracted.text) === contentSha256;
  const snapshotId = await ctx.write((em) =>
    captureSnapshot(em, {
      tenantId: ctx.tenantId,
      projectId: ctx.run.projectId,
      document: extracted,
      originalSha256: isOriginal ? null : contentSha256,
      extractor: extracted.extractor,
      mediaType: extracted.mediaType,
      capturedAt: new Date(),
    }),
  );
  ctx.progress({ done: bytes.length, total: bytes.length, unit: 'bytes' });
  const { pageCount, extractor } = extracted;
  ctx.emit({
    type: 'LOG_LINE',
    message: `Read ${pageCount ? `${pageCount} pages, ` : ''}${extracted.text.length} characters and ${extracted.headings.length} headings.`,
    payload: {
      extractor,
      pages: pageCount ?? null,
      characters: extracted.text.length,
      headings: extracted.headings.length,
    },
  });
  const output: ExtractOutput = {
    snapshotId,
    extractor,
    mediaType: extracted.mediaType,
    title: extracted.title ?? null,
    pageCount: pageCount ?? null,
  };
  return { output };
};
