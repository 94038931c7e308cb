import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** They put something else in the place of a module: each needs modules of its own. */
const REPLACE_MODULES = [
  'src/artifacts/artifact.resolver.test.ts',
  'src/identity/accounts/accounts.test.ts',
  'tests/attacks/sign-in-work.test.ts',
  'worker/tools/connectors/safe-fetch.network.test.ts',
];

const TESTS = {
  globalSetup: ['tests/support/global-setup.ts'],
  include: ['{src,worker,sdk,cli,demo,tests,bench,playground}/**/*.test.ts'],
};

export default defineConfig({
  // oxc emits the decorator metadata that type-graphql reads; esbuild would drop it.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // graphql 16 ships CJS and .mjs without "exports": force one copy, or schemas fail "instanceof GraphQLSchema".
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    // files of a worker share the modules they load, which is a quarter of the time; a test leaves nothing behind in them
    projects: [
      { extends: true, test: { ...TESTS, name: 'together', exclude: REPLACE_MODULES, isolate: false } },
      { extends: true, test: { ...TESTS, name: 'apart', include: REPLACE_MODULES } },
    ],
    coverage: {
      provider: 'v8',
      // what runs only in processes of its own (entry points) is tried by the tests of tests/, but cannot be counted here
      include: ['{src,worker,sdk,cli,demo}/**/*.ts'],
      exclude: ['**/*.{test,contract,fixture}.ts', '**/*.child.ts', '**/main.ts', 'sdk/generated/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 80 },
    },
    maxWorkers: 4, // most of the time a test waits for processes, leases and sockets, not for a processor
    testTimeout: 60_000, // 60 seconds: a real Postgres and real processes on a busy machine
    hookTimeout: 60_000,
  },
});
