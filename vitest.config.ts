import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
  // oxc emits the decorator metadata that type-graphql reads; esbuild would drop it.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // graphql 16 ships CJS and .mjs without "exports": force one copy, or schemas fail "instanceof GraphQLSchema".
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    include: ['{src,worker,sdk,cli,demo,tests,bench,playground}/**/*.test.ts'],
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
