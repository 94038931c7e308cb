/**
 * The settings of the product, one entry each: what it is for, what it may be, what it is when unset. docs/configuration.md
 * and .env.example are checked against this list. A schema's own message completes the sentence "NAME must be …".
 */
import { z } from 'zod';
import { SEARCH_SERVICES, type SearchServiceName } from './kinds/research/connector-name.js';

export interface ConfigVariable<T = unknown> {
  about: string;
  /** Reads the text of the variable; undefined text means unset. */
  schema: z.ZodType<T, string | undefined>;
  /** Shown in the documentation: the value when unset, or what then happens. */
  unset: string;
  /** Never repeated in a message. */
  secret?: true;
}

const MAX_TIMER_MS = 2 ** 31 - 1; // Node's timers turn anything longer into 1 ms
const MEGABYTE = 1_000_000;
const MEBIBYTE = 1024 * 1024;

const wholeNumber = (min: number, max: number) => {
  const message = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const addressOf = (...protocols: string[]) => {
  const message = `a URL that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`;
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message);
};

const webAddress = addressOf('http:', 'https:').transform((text) => text.replace(/\/+$/, ''));
const databaseAddress = addressOf('postgres:', 'postgresql:').optional();
const oneOf = <const V extends readonly [string, ...string[]]>(values: V, standard: V[number]) =>
  z
    .enum(values, `one of ${values.join(', ')}`)
    .optional()
    .transform((value): V[number] => value ?? standard);

const number = (about: string, unit: string, min: number, max: number, standard: number) => ({
  about: unit ? `${about} (${unit})` : about,
  schema: wholeNumber(min, max)
    .optional()
    .transform((value) => value ?? standard),
  unset: String(standard),
});
const price = (about: string) => ({
  about: `${about} (USD per million)`,
  schema: z
    .string()
    .regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'a price such as 0.15')
    .transform(Number)
    .optional(),
  unset: 'as the endpoint tells; else unknown',
});
const milliseconds = (about: string, min: number, standard: number) => number(about, 'ms', min, MAX_TIMER_MS, standard);

const modelOf = (role: string) => ({
  about: `Model for ${role}`,
  schema: z.string().optional(),
  unset: 'HOSTED_LLM_MODEL',
});

export const configVariables = {
  PORT: number('TCP port of the API; 0 takes any free one', '', 0, 65_535, 4000),
  HOST: {
    about: 'Address the API listens on; 0.0.0.0 for all',
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? '127.0.0.1'),
    unset: '127.0.0.1',
  },
  PUBLIC_URL: {
    about: 'How people reach the API from outside; links and signed URLs begin with it',
    schema: webAddress.optional(),
    unset: 'http://localhost:PORT',
  },
  ALLOWED_ORIGINS: {
    about: 'Web origins, separated by commas, that may call the API and open WebSockets besides its own',
    schema: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean),
      )
      .refine((list) => list.every(isOrigin), 'origins such as https://example.org, separated by commas')
      .optional()
      .transform((list) => list ?? []),
    unset: 'none',
  },
  LOG_LEVEL: {
    about: 'Least severe line that is logged: fatal, error, warn, info, debug, trace or silent',
    schema: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    unset: 'info',
  },
  DATA_DIR: {
    about: 'Folder of what this machine keeps: the embedded database, blobs on disk, the secret key',
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? '.paperwright'),
    unset: '.paperwright',
  },
  DATABASE_URL: {
    about: 'External Postgres, as a role that may create roles and databases; used to prepare and migrate it',
    schema: databaseAddress,
    unset: 'npm start runs an embedded Postgres in DATA_DIR',
    secret: true,
  },
  DATABASE_OWNER_URL: {
    about: 'As pw_owner, for operators who make the roles by hand; set all three of these or none',
    schema: databaseAddress,
    unset: 'made from DATABASE_URL',
    secret: true,
  },
  DATABASE_APP_URL: { about: 'As pw_app', schema: databaseAddress, unset: 'made from DATABASE_URL', secret: true },
  DATABASE_QUEUE_URL: { about: 'As pw_queue', schema: databaseAddress, unset: 'made from DATABASE_URL', secret: true },
  DATABASE_POOL_SIZE: number('Most connections each process holds as pw_app', '', 2, 1000, 10),
  SECRET_KEY: {
    about: 'Signs blob URLs; API and workers on different machines need the same one',
    schema: z.string().min(32, 'at least 32 characters long').optional(),
    unset: 'made once, kept in DATA_DIR/secret-key',
    secret: true,
  },
  BLOB_STORE: {
    about: 'Where artifacts and originals are kept: disk or s3',
    schema: oneOf(['disk', 's3'], 'disk'),
    unset: 'disk',
  },
  S3_ENDPOINT: { about: 'Address of the S3 server, for BLOB_STORE=s3', schema: webAddress.optional(), unset: '' },
  S3_REGION: {
    about: 'Region of the bucket',
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? 'us-east-1'),
    unset: 'us-east-1',
  },
  S3_BUCKET: { about: 'Bucket; must exist', schema: z.string().optional(), unset: '' },
  S3_ACCESS_KEY: { about: 'Access key id', schema: z.string().optional(), unset: '' },
  S3_SECRET_KEY: { about: 'Secret access key', schema: z.string().optional(), unset: '', secret: true },
  WORKER_CONCURRENCY: number('Stages that one worker process runs at a time', '', 1, 1000, 4),
  WORKER_POLL_MS: milliseconds('How often a worker looks for due jobs besides being told', 50, 500),
  STAGE_TIMEOUT_MS: milliseconds('Longest time one attempt of a stage may take', 1000, 600_000),
  // with the back-off of the engine, nine attempts outlast a minute without blob store or database
  MAX_STAGE_ATTEMPTS: number('Attempts of a stage before its run fails', '', 1, 100, 9),
  LEASE_MS: milliseconds('A worker silent for so long is taken for dead and its runs go on elsewhere', 1000, 8000),
  SWEEP_MS: milliseconds('How often abandoned runs are looked for', 100, 2000),
  BLOB_SWEEP_MS: milliseconds('How often blobs that nobody names any more are deleted', 100, 3_600_000),
  BLOB_GRACE_MS: milliseconds(
    'How long a blob that nobody names is kept; longer than a stage may take',
    100,
    86_400_000,
  ),
  DEBUG_POINT: {
    about: 'For fault tests: where a worker strikes itself, KIND.stage.point:SIGKILL or :SIGSTOP',
    schema: z.string().optional(),
    unset: 'nowhere',
  },
  QUEUE_LIMIT: number('Runs that may wait before a new one is refused with QUEUE_FULL', '', 1, 10_000_000, 1000),
  RUN_ARTIFACT_BYTES: number(
    'Most bytes the artifacts of one run may have together',
    '',
    1,
    100_000 * MEGABYTE,
    25 * MEGABYTE,
  ),
  UPLOAD_BYTES: number('Most bytes of one paper, uploaded or fetched', '', 1, 256 * MEBIBYTE, 50 * MEBIBYTE),
  PAPER_PAGES: number('Most pages of one paper', '', 1, 2_000, 1_000),
  PAPER_ENGINE: {
    about: 'What reads papers when a run does not say: builtin or grobid',
    schema: oneOf(['builtin', 'grobid'], 'builtin'),
    unset: 'builtin',
  },
  GROBID_URL: {
    about: 'Address of a GROBID server; with it, runs may ask for that engine',
    schema: webAddress.optional(),
    unset: 'there is none',
  },
  LLM_PROVIDER: {
    about: 'Language model that helps with research: none or openai-compatible (OpenRouter, vLLM, Ollama and others)',
    schema: oneOf(['none', 'openai-compatible'], 'none'),
    unset: 'none',
  },
  HOSTED_LLM_BASE_URL: {
    about: 'Address of the endpoint up to /v1, such as http://localhost:11434/v1',
    schema: webAddress.optional(),
    unset: '',
  },
  HOSTED_LLM_API_KEY: {
    about: 'Key of the endpoint, sent as a bearer token',
    schema: z.string().optional(),
    unset: 'OPENAI_API_KEY, or none is sent',
    secret: true,
  },
  OPENAI_API_KEY: {
    about: 'Another name for HOSTED_LLM_API_KEY, which wins',
    schema: z.string().optional(),
    unset: '',
    secret: true,
  },
  HOSTED_LLM_MODEL: { about: 'Model, as the endpoint names it', schema: z.string().optional(), unset: '' },
  HOSTED_LLM_MODEL_OUTLINE: modelOf('proposing an outline'),
  HOSTED_LLM_MODEL_DRAFT: modelOf('choosing sentences for the draft'),
  HOSTED_LLM_MODEL_JUDGE: modelOf('a second opinion on claims'),
  HOSTED_LLM_TIMEOUT_MS: milliseconds('Longest time one call of the model may take', 100, 120_000),
  HOSTED_LLM_INPUT_PRICE: price('What tokens sent to the model cost'),
  HOSTED_LLM_OUTPUT_PRICE: price('What tokens it answers cost'),
  EMBEDDING_PROVIDER: {
    about: 'Embedding model that helps to find passages: none or openai-compatible',
    schema: oneOf(['none', 'openai-compatible'], 'none'),
    unset: 'none',
  },
  EMBEDDING_BASE_URL: {
    about: 'Address of its endpoint up to /v1',
    schema: webAddress.optional(),
    unset: 'HOSTED_LLM_BASE_URL',
  },
  EMBEDDING_API_KEY: {
    about: 'Key of that endpoint, sent as a bearer token',
    schema: z.string().optional(),
    unset: 'HOSTED_LLM_API_KEY or OPENAI_API_KEY where the address is HOSTED_LLM_BASE_URL; else none is sent',
    secret: true,
  },
  EMBEDDING_MODEL: {
    about:
      'Embedding model, as the endpoint names it; after a change, passages are embedded anew when a run needs them',
    schema: z.string().max(200, 'at most 200 characters long').optional(),
    unset: '',
  },
  EMBEDDING_DIMENSIONS: {
    about: 'Length of the vectors to ask for, of models that offer several',
    schema: wholeNumber(1, 16_000).optional(),
    unset: 'as the model has it',
  },
  EMBEDDING_TIMEOUT_MS: milliseconds('Longest time one call of the embedding model may take', 100, 30_000),
  EMBEDDING_PRICE: price('What tokens sent to the embedding model cost'),
  OCR: {
    about: 'Language in which the text of scanned pages is recognised: off or eng. It takes seconds a page',
    schema: oneOf(['off', 'eng'], 'off'),
    unset: 'off',
  },
  CONTACT_EMAIL: {
    about: 'Told to arXiv, Crossref and OpenAlex with each request, so that they can reach whoever runs this',
    schema: z.email('an e-mail address').optional(),
    unset: 'not told',
  },
  RESEARCH_CONNECTORS: {
    about:
      'Services, separated by commas, that research runs may ask for sources: openalex, arxiv, crossref, semantic_scholar, url',
    schema: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim().toUpperCase())
          .filter(Boolean),
      )
      .refine(
        (list): list is SearchServiceName[] => list.every((name) => SEARCH_SERVICES.some((known) => known === name)),
        `names out of ${SEARCH_SERVICES.join(', ').toLowerCase()}, separated by commas`,
      )
      .optional()
      .transform((list) => [...new Set(list)]),
    unset: 'none: research asks nothing outside of this machine',
  },
  OPENALEX_API_KEY: {
    about: 'Key for OpenAlex, which gives little without one',
    schema: z.string().optional(),
    unset: '',
    secret: true,
  },
  SEMANTIC_SCHOLAR_API_KEY: {
    about: 'Key for Semantic Scholar, which often refuses without one',
    schema: z.string().optional(),
    unset: '',
    secret: true,
  },
  PROFILE: {
    about: 'Whom the limits are made for: standard, or public-demo for an installation that strangers may try',
    schema: oneOf(['standard', 'public-demo'], 'standard'),
    unset: 'standard',
  },
  INGESTS_PER_HOUR: {
    about: 'Papers that one person may begin to take in within an hour, before RATE_LIMITED',
    schema: wholeNumber(1, 1_000_000).optional(),
    unset: '500; 5 with PROFILE=public-demo',
  },
  GRAPHQL_MAX_DEPTH: number('Deepest nesting of an operation', '', 3, 1000, 15),
  GRAPHQL_MAX_ALIASES: number('Most aliases in an operation', '', 0, 10_000, 15),
  GRAPHQL_MAX_TOKENS: number('Most tokens in a document', '', 100, 1_000_000, 1000),
  GRAPHQL_MAX_COST: number('Most values an answer may be made of, as estimated', '', 100, 10_000_000, 25_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    about: 'OpenTelemetry collector that takes traces over OTLP/HTTP, such as http://localhost:4318',
    schema: webAddress.optional(),
    unset: 'no traces are recorded',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    about: 'Share of the traces that is recorded, from 0 to 1',
    schema: z
      .string()
      .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, 'a number from 0 to 1')
      .optional()
      .transform((value) => Number(value ?? 1)),
    unset: '1',
  },
  WORKER_METRICS_PORT: {
    about: 'Port on which a worker shows /metrics and /healthz; 0 takes any free one',
    schema: wholeNumber(0, 65_535).optional(),
    unset: 'it shows none',
  },
  WORKER_METRICS_HOST: {
    about: 'Address it shows them on',
    schema: z
      .string()
      .optional()
      .transform((value) => value ?? '127.0.0.1'),
    unset: '127.0.0.1',
  },
  SHUTDOWN_MS: milliseconds('How long a process may take to finish what it is doing when told to stop', 100, 20_000),
} as const satisfies Record<string, ConfigVariable>;

export type ConfigName = keyof typeof configVariables;
export type ConfigValues = { [N in ConfigName]: z.output<(typeof configVariables)[N]['schema']> };

/** The documentation's rows: name, meaning, value when unset. */
export const configTable: ReadonlyArray<{ name: ConfigName; about: string; unset: string }> = (
  Object.keys(configVariables) as ConfigName[]
).map((name) => ({ name, about: configVariables[name].about, unset: configVariables[name].unset }));

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
