/** The Content-Type header, taken apart (RFC 9110, 8.3). */

export interface ContentType {
  mediaType: string; // lower case, without parameters; '' when the header is missing
  charset: string | null; // lower case
}

export function parseContentType(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';');
  const charset = parameters.map((each) => /^\s*charset="?([^"\s]+)"?\s*$/i.exec(each)?.[1]).find(Boolean);
  return { mediaType: type.trim().toLowerCase(), charset: charset?.toLowerCase() ?? null };
}
