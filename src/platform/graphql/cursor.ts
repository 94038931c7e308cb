/** Opaque cursors of Relay connections: the 16 bytes of the row's UUIDv7, in base64url. Fails with BAD_INPUT. */
import { badInput } from '../errors.js';

const SHAPE = /^[A-Za-z0-9_-]{22}$/; // 16 bytes without padding

export const encodeCursor = (uuid: string): string =>
  Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

/** `argument` names the argument in the message: `after` or `before`. */
export function decodeCursor(cursor: string, argument: string): string {
  if (!SHAPE.test(cursor)) {
    throw badInput(
      `\`${argument}\` is not a cursor of this list. Use \`pageInfo.endCursor\` of an earlier answer as it is.`,
      {
        argument,
      },
    );
  }
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
