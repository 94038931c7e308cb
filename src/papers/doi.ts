/** DOIs as the product keeps them: lower case, without a resolver, not percent-encoded. */

/** https://www.doi.org/doi-handbook/HTML/doi-name-syntax.html; registrants have four digits or more today. */
const DOI = /^10\.\d{4,9}(?:\.\d+)*\/\S+$/;
const RESOLVER = /^(?:https?:\/\/)?(?:(?:www|dx)\.)?doi\.org\//i;
const LABEL = /^(?:info:doi\/|urn:doi:|doi:?)\s*/i;
const MAX_CHARS = 300; // no longer one is registered

/** Null when it is no DOI. Takes what people paste: a resolver's URL, "doi:", percent-encoding, a full stop at the end. */
export function normaliseDoi(given: string): string | null {
  const bare = given.trim().replace(LABEL, '');
  const fromUrl = RESOLVER.test(bare);
  const name = bare.replace(RESOLVER, '');
  // in a URL, what follows ? or # is not the name: those characters of a name are encoded there
  const decoded = decode(fromUrl ? name.replace(/[?#].*$/, '') : name).trim();
  const doi = decoded.replace(/[.,]+$/, '').toLowerCase();
  return DOI.test(doi) && doi.length <= MAX_CHARS ? doi : null;
}

/** A "%" that encodes nothing belongs to the name. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
