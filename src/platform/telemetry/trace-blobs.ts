/** A blob store whose calls are spans of what asked for them. Keys stand in spans: ids and hashes. */
import type { BlobStore } from '../blobs/blob-store.js';
import { inSpan } from './tracing.js';

export function traceBlobs(store: BlobStore): BlobStore {
  const call = <T>(name: string, key: string, work: () => Promise<T>): Promise<T> =>
    inSpan(`blob ${name}`, { kind: 'client', attributes: { 'blob.driver': store.driver, 'blob.key': key } }, work);
  return {
    driver: store.driver,
    put: (key, body, options) => call('put', key, () => store.put(key, body, options)),
    get: (key, options) => call('get', key, () => store.get(key, options)),
    read: (key, maxBytes, options) => call('read', key, () => store.read(key, maxBytes, options)),
    stat: (key, options) => call('stat', key, () => store.stat(key, options)),
    delete: (key, options) => call('delete', key, () => store.delete(key, options)),
    list: (prefix, options) => store.list(prefix, options),
    signedGetUrl: (key, grant) => store.signedGetUrl(key, grant),
    signedPutUrl: (key, grant) => store.signedPutUrl(key, grant),
    health: () => store.health(),
  };
}
