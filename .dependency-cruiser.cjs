/**
 * Who may import whom. Each rule is an error; `tests/import-rules.test.ts` proves that each one bites.
 *
 *   worker → src, never back.
 *   within src: platform ← identity ← projects ← runs ← artifacts ← papers ← evidence ← claims ← trust ← overview ← kinds/*
 *
 * The files directly in src/ and those in src/api/ are the composition root: they may import all, no slice imports them.
 */
const SLICES = [
  'platform',
  'identity',
  'projects',
  'runs',
  'artifacts',
  'papers',
  'evidence',
  'claims',
  'trust',
  'overview',
  'kinds',
];

/** Tests sit beside the code and use tests/support; the rules are about what ships. */
const TEST_FILE = '\\.(test|contract|fixture)\\.ts$';
const ANY_SLICE = `^src/(${SLICES.join('|')})/`;

const sliceOrder = SLICES.slice(0, -1).map((slice, index) => ({
  name: `slice-order-${slice}`,
  comment: `${slice} may import only the slices before it; what a later slice adds, it adds from its own folder.`,
  severity: 'error',
  from: { path: `^src/${slice}/`, pathNot: TEST_FILE },
  to: { path: `^src/(${SLICES.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle has no order in which it can be read, or loaded. Move what both need to the earlier one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...sliceOrder,
    {
      name: 'no-kind-to-kind',
      comment: 'What two kinds of run share lives in papers/, evidence/ or worker/tools/.',
      severity: 'error',
      from: { path: '^src/kinds/([^/]+)/', pathNot: TEST_FILE },
      to: { path: '^src/kinds/', pathNot: '^src/kinds/$1/' },
    },
    {
      name: 'no-pipeline-to-pipeline',
      comment: 'What two pipelines share lives in papers/, evidence/ or worker/tools/.',
      severity: 'error',
      from: { path: '^worker/pipelines/([^/]+)/', pathNot: TEST_FILE },
      to: { path: '^worker/pipelines/', pathNot: '^worker/pipelines/$1/' },
    },
    {
      name: 'no-slice-to-composition-root',
      comment: 'The composition root passes values as arguments; a slice may name the type of the configuration only.',
      severity: 'error',
      from: { path: ANY_SLICE, pathNot: TEST_FILE },
      to: { path: '^src/(api/|[^/]+\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-src-to-worker',
      comment: 'The API process never loads what only the worker needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_FILE },
      to: { path: '^worker/' },
    },
    {
      name: 'worker-loads-no-api',
      comment: 'The worker loads no resolver, GraphQL type, subscription or shield rule, by whatever way round.',
      severity: 'error',
      from: { path: '^worker/', pathNot: TEST_FILE },
      to: { path: '(^src/api/|^src/schema\\.ts$|\\.(resolver|type|subscription|shield)\\.ts$)', reachable: true },
    },
    {
      name: 'no-product-to-outside',
      comment: 'What ships imports nothing of tests, the command line, demo, bench or the clients.',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: TEST_FILE },
      to: { path: '^(tests|cli|demo|bench|sdk|web|playground)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'The SDK and the playground know the API by its schema only.',
      severity: 'error',
      from: { path: '^(sdk|playground)/', pathNot: TEST_FILE },
      to: { path: '^(src|worker|tests|cli|demo|bench)/' },
    },
    {
      name: 'no-test-as-a-module',
      comment: 'What two tests share lives in tests/support/.',
      severity: 'error',
      from: {},
      to: { path: '\\.test\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-product',
      comment: 'It would be missing where only the production packages are installed.',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: TEST_FILE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'Declare it in package.json, at an exact version.',
      severity: 'error',
      from: { path: '^(src|worker|sdk)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'The file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out|coverage)/' },
    moduleSystems: ['es6'],
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // type-only imports count: an order that types ignore is not an order
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
