/** Bytes go past GraphQL, by signed URLs: up to a ticket's, down from an artifact's, which are checked against its hash. */
import { PaperwrightError, unreachable } from './errors.js';

export interface UploadTarget {
  /** Where to PUT; a credential until it expires. */
  url: string;
  /** To be sent as they are. */
  headers: readonly { name: string; value: string }[];
}

export interface DownloadSource {
  name: string;
  sha256: string; // of the bytes, lower-case hex
  downloadUrl: string;
}

/** Sends the bytes of one file. Throws PaperwrightError. */
export async function putUpload(target: UploadTarget, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const response = await send(target.url, {
    method: 'PUT',
    headers: Object.fromEntries(target.headers.map(({ name, value }) => [name, value])),
    body: bytes as Uint8Array<ArrayBuffer>,
    ...(signal && { signal }),
  });
  await response.body?.cancel();
}

/** The bytes of an artifact, which have its sha256. Throws PaperwrightError, HASH_MISMATCH when they have not. */
export async function getArtifact(artifact: DownloadSource, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await send(artifact.downloadUrl, signal ? { signal } : {});
  const bytes = new Uint8Array(await response.arrayBuffer());
  const sha256 = await sha256Of(bytes);
  if (sha256 === artifact.sha256) return bytes;
  throw new PaperwrightError('HASH_MISMATCH', `${artifact.name} was damaged on its way: its bytes have another hash.`, {
    retryable: true,
    hint: 'Download it again.',
    details: { expected: artifact.sha256, received: sha256 },
  });
}

/** Lower-case hex; WebCrypto, so that it runs in browsers too. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const { origin } = new URL(url); // the rest of it is a credential
  const response = await fetch(url, init).catch((error: unknown) => {
    init.signal?.throwIfAborted();
    throw unreachable(origin, error);
  });
  if (response.ok) return response;
  const { code, message, hint } = ((await response.json().catch(() => ({}))) ?? {}) as Partial<Record<string, string>>;
  throw new PaperwrightError(code ?? 'BAD_ANSWER', message ?? `${origin} answered HTTP ${response.status}.`, {
    hint,
    retryable: response.status >= 500,
  });
}
