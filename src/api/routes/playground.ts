/**
 * Serves the playground at `/` and its files at `/playground/*`. Only files named in the bundle's manifest exist here,
 * so no path of a request ever reaches the file system. Assets carry their content hash in their name and are cached
 * for good; the page is revalidated by ETag. The policy allows this origin and nothing else.
 *
 * Without a bundle (`npm run build:playground` makes it) `/` answers 503 with a page that says so; the API is unharmed.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/**
 * The editor writes style elements at run time and its style sheet embeds fonts and icons as data: URLs; everything
 * else, workers and WebSockets included, is this origin's own.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ONE_YEAR_S = 365 * 24 * 60 * 60; // The longest that RFC 9111 caches honour in practice.

const Manifest = z.object({
  assets: z.record(z.string(), z.object({ mediaType: z.string(), etag: z.string() })),
});

interface Bundle {
  folder: string;
  page: Buffer;
  pageEtag: string;
  assets: z.infer<typeof Manifest>['assets'];
}

/** Compiled, this file is dist/src/api/routes/playground.js; run from source it is src/api/routes/playground.ts. */
const BUNDLE_FOLDERS = ['../../../playground/', '../../../dist/playground/'].map((relative) =>
  fileURLToPath(new URL(relative, import.meta.url)),
);

async function readBundle(folder: string): Promise<Bundle | undefined> {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
    const page = await readFile(path.join(folder, 'index.html'));
    const pageEtag = createHash('sha256').update(page).digest('hex').slice(0, 32);
    return { folder, page, pageEtag, assets: manifest.assets };
  } catch {
    return undefined;
  }
}

async function findBundle(folders: readonly string[]): Promise<Bundle | undefined> {
  for (const folder of folders) {
    const bundle = await readBundle(folder);
    if (bundle !== undefined) return bundle;
  }
  return undefined;
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Paperwright</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em">
<h1>The playground has not been built</h1>
<p>The API itself is running: GraphQL is served at <code>/graphql</code>, its schema at
<a href="/schema.graphql">/schema.graphql</a>.</p>
<p>To get the playground, run <code>npm run build:playground</code> and start the server again.</p>
</body></html>
`;

function protect(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin');
}

/** True when the client already holds this version; `If-None-Match` may list several and mark them weak. */
function isFresh(request: FastifyRequest, etag: string): boolean {
  const held = request.headers['if-none-match']?.split(',') ?? [];
  return held.some((tag) => tag.trim().replace(/^W\//, '') === `"${etag}"`);
}

function acceptsGzip(request: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
}

async function sendPage(bundle: Bundle, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  protect(reply).header('cache-control', 'no-cache').header('etag', `"${bundle.pageEtag}"`);
  if (isFresh(request, bundle.pageEtag)) return reply.code(304).send();
  return reply.type('text/html; charset=utf-8').send(bundle.page);
}

async function sendAsset(bundle: Bundle, name: string, request: FastifyRequest, reply: FastifyReply) {
  const asset = Object.hasOwn(bundle.assets, name) ? bundle.assets[name] : undefined;
  if (asset === undefined) return reply.callNotFound();
  const gzipped = acceptsGzip(request);
  // The two encodings are two representations: each needs its own tag.
  const etag = gzipped ? `${asset.etag}-gz` : asset.etag;
  protect(reply)
    .header('cache-control', `public, max-age=${ONE_YEAR_S}, immutable`)
    .header('vary', 'accept-encoding')
    .header('etag', `"${etag}"`);
  if (isFresh(request, etag)) return reply.code(304).send();
  if (gzipped) reply.header('content-encoding', 'gzip');
  return reply.type(asset.mediaType).send(await readFile(path.join(bundle.folder, gzipped ? `${name}.gz` : name)));
}

/**
 * Registers the playground's routes.
 * @param folders where to look for a built bundle, first match wins; by default the project's own `dist/playground`.
 */
export async function registerPlayground(
  app: FastifyInstance,
  folders: readonly string[] = BUNDLE_FOLDERS,
): Promise<void> {
  const bundle = await findBundle(folders);
  if (bundle === undefined) {
    const answer = (_request: FastifyRequest, reply: FastifyReply) =>
      protect(reply).code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(NOT_BUILT);
    app.get('/', answer);
    app.get('/playground', answer);
    return;
  }
  app.get('/', (request, reply) => sendPage(bundle, request, reply));
  app.get('/playground', (request, reply) => sendPage(bundle, request, reply));
  app.get<{ Params: { '*': string } }>('/playground/*', (request, reply) =>
    sendAsset(bundle, request.params['*'], request, reply),
  );
}
