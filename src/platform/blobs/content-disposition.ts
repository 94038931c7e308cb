/**
 * The header that makes a browser save a file rather than show it (RFC 6266). The name may be any text: what could end
 * the header, name another folder or mislead is replaced in the ASCII form; the exact name travels percent-encoded.
 */
export function attachmentHeader(fileName: string): string {
  // \p{C}: control characters, direction marks, lone surrogates
  const base = fileName.replaceAll(/[/\\]/g, '_').replaceAll(/\p{C}/gu, '') || 'download';
  const ascii = base.replaceAll(/[^\w.() -]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeExtended(base)}`;
}

/** A media type fit for a header, else the type that promises nothing. */
export function safeMediaType(mediaType: string): string {
  return /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(mediaType) ? mediaType : 'application/octet-stream';
}

/** encodeURIComponent leaves these characters alone, but RFC 5987 does not allow them in a header's value. */
const encodeExtended = (text: string) =>
  encodeURIComponent(text).replaceAll(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
