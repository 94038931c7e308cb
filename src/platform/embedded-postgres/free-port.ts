/** Picks the loopback port of the server: the one used last time when it is free, so that saved addresses stay valid. */
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { AppError } from '../errors.js';

export const LOOPBACK = '127.0.0.1';

/** `wanted` must be free (UNAVAILABLE otherwise); without it, the remembered port or any free one. */
export async function choosePort(portFile: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await tryPort(wanted)) return wanted;
    throw new AppError('UNAVAILABLE', `Port ${wanted}, asked for by the database, is taken by another program.`);
  }
  const remembered = Number(await readFile(portFile, 'utf8').catch(() => ''));
  if (Number.isInteger(remembered) && remembered > 0 && (await tryPort(remembered))) return remembered;
  const free = await tryPort(0);
  if (free) return free;
  throw new AppError('UNAVAILABLE', `No free port was found on ${LOOPBACK} for the database.`);
}

/** Kept for the next start; if it cannot be written, the next start merely gets another port. */
export async function rememberPort(portFile: string, port: number): Promise<void> {
  await writeFile(portFile, String(port)).catch(() => undefined);
}

export const isFree = async (port: number) => (await tryPort(port)) !== undefined;

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
