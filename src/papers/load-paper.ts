/** Finding a paper the caller may see. Row security has hidden those of other tenants and of hidden projects. */
import type { Em } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import { type Paper, PaperEntity } from './paper.entity.js';

/** Errors: NOT_FOUND, whatever the reason. `publicId` is `paper_…`. */
export async function loadPaper({ em }: { em: Em }, publicId: string): Promise<Paper> {
  const paper = await em.findOne(PaperEntity, { id: decodeId('paper', publicId) });
  if (!paper) throw notFound('Paper');
  return paper;
}
