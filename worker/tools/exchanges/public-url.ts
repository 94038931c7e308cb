/**
 * Addresses without what only the asker may know: keys and signatures in the query, and the address by which an operator
 * names itself to a service.
 */
const SECRET_PARAMETERS =
  /^(?:api[_-]?key|key|apikey|mailto|e?mail|(?:access|auth|id|refresh)?_?token|auth(?:orization)?|secret|client_secret|password|passwd|pwd|sig|signature|x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid|session(?:_?id)?)$/i;

/** As it goes into a record; text that is no address is given back as it is. */
export function publicUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  for (const name of secretNames(url)) url.searchParams.delete(name);
  return url.href;
}

/** The values that `publicUrl` leaves out. */
export function secretsIn(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  return [url.username, url.password, ...secretNames(url).flatMap((name) => url.searchParams.getAll(name))].filter(
    Boolean,
  );
}

const secretNames = ({ searchParams }: URL): string[] =>
  [...new Set(searchParams.keys())].filter((name) => SECRET_PARAMETERS.test(name));
