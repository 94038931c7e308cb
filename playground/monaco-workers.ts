/**
 * Where the editor finds its language workers: files of our own origin, built beside the main bundle. GraphiQL's own
 * set-up modules name either a bundler's query suffix or a CDN.
 */
declare const WORKER_URLS: { editor: string; json: string; graphql: string };

interface MonacoEnvironment {
  getWorker(moduleId: string, label: string): Worker;
}

(globalThis as typeof globalThis & { MonacoEnvironment?: MonacoEnvironment }).MonacoEnvironment = {
  getWorker: (_moduleId, label) =>
    new Worker(WORKER_URLS[label === 'json' || label === 'graphql' ? label : 'editor'], { name: label }),
};
