/** Text without structure of its own as a document: no headings, no pages, nothing excluded. */
import type { DocumentText } from './document-text.js';

export const plainDocument = (text: string): DocumentText => ({ text, headings: [], pages: [], excluded: [] });
