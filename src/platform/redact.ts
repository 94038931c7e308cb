/**
 * Takes secrets out of text that is about to be logged: whatever is shaped like a credential, whatever stands under the
 * name of one, and the secrets of this installation themselves. It works on the finished line, so it does not matter by
 * which way something came into it (a field, a message, an error's cause, a URL).
 *
 * Every pattern is linear: lines may quote what strangers sent.
 */
const REDACTED = '[redacted]';
const SHORTEST_SECRET = 8; // characters: shorter ones are words, and would blacken half the log

const NAMES =
  '[\\w-]{0,40}(?:password|passwd|secret|token|authorization|cookie|api-?_?key|signature|recovery_?codes?)s?';
const BETWEEN = '\\s{0,3}[:=]\\s{0,3}(?:\\[\\s{0,3})?';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // a property of the line: "password":"…"
  [new RegExp(`("${NAMES}"${BETWEEN}")(?:[^"\\\\]|\\\\.)*`, 'gi'), `$1${REDACTED}`],
  // the same in a text, whose quotes are escaped: {\"password\":\"…\"}, {password: \"…\"}
  [
    new RegExp(`(\\b${NAMES}(?:\\\\")?${BETWEEN}\\\\")(?:[^"\\\\]|\\\\\\\\\\\\["\\\\]|\\\\[^"])*`, 'gi'),
    `$1${REDACTED}`,
  ],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\bpw[a-z]?_[\w-]{16,}/g, REDACTED], // our own opaque tokens; the database's roles (pw_app) are shorter
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, REDACTED], // JSON Web Tokens: {" in base64url
  [/\b(?:sk|rk)-[\w-]{16,}/g, REDACTED], // keys of common model providers
  [/otpauth:\/\/[^\s"\\]+/g, `otpauth://${REDACTED}`],
  [
    /([?&;](?:x-amz-)?(?:signature|credential|security-token|sig|token|code|secret|api_?key|key)=)[^&\s"'\\<>]+/gi,
    `$1${REDACTED}`,
  ],
  [/(:\/\/[^\s:/@"]{0,100}:)[^\s@/"]{1,300}@/g, `$1${REDACTED}@`], // user:password@host
];

/** Answers a function that redacts a line. `secrets`: this installation's own, wherever they turn up. */
export function redactor(secrets: readonly string[] = []): (line: string) => string {
  const own = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).map(asInJson);
  return (line) => {
    let text = line;
    for (const secret of own) text = text.replaceAll(secret, REDACTED);
    for (const [pattern, replacement] of PATTERNS) text = text.replace(pattern, replacement);
    return text;
  };
}

const asInJson = (text: string): string => JSON.stringify(text).slice(1, -1);
