/** Text between HTML's tags and in its quoted attributes. */
import { inertText } from './inert-text.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe between tags and in quoted attributes, in HTML and in SVG; what neither allows or shows is taken out. */
export const escapeHtml = (text: string): string =>
  inertText(text).replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
