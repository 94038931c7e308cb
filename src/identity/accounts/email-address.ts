/** Addresses as we store them: trimmed, in lower case, of a shape that mail can be sent to. Fails with BAD_INPUT. */
import { badInput } from '../../platform/errors.js';
import { cleanLine } from '../../platform/text-input.js';

const MAX_LENGTH = 254; // RFC 5321: a path of 256 less its angle brackets
const SHAPE = /^[^\s@"'<>()[\]\\,;:]{1,64}@(?:[^\s@"'<>()[\]\\,;:.]+\.)+[^\s@"'<>()[\]\\,;:.]{2,}$/u;

export function cleanEmail(value: string, field: string): string {
  const email = cleanLine(value, { field, max: MAX_LENGTH }).toLowerCase();
  if (!SHAPE.test(email))
    throw badInput(`\`${field}\` is not an e-mail address. It looks like name@example.org.`, { field });
  return email;
}
