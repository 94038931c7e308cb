/**
 * The settings of the product, one entry each: what it is for, what it may be, what it is when unset. docs/configuration.md
 * and .env.example are checked against this list. A schema's own message completes the sentence "NAME must be …".
 */
import { z } from 'zod';
import {
  type ConfigVariable,
  databaseAddress,
  hidden,
  listOf,
  milliseconds,
  modelOf,
  number,
  oneOf,
  open,
  perMinute,
  prefix,
  price,
  secret,
  secrets,
  trueOrFalse,
  webAddress,
  wholeNumber,
} from './config-forms.js';
import { SEARCH_SERVICES, type SearchServiceName } from './kinds/research/connector-name.js';
import { isProxy } from './platform/client-address.js';

const MEGABYTE = 1_000_000;
const MEBIBYTE = 1024 * 1024;

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
    schema: listOf(isOrigin, 'origins such as https://example.org, separated by commas'),
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
    about:
      'From it come the keys that sign links, tokens and ends of audit logs and seal second factors, a key for each; API and workers on different machines need the same one',
    schema: secret.optional(),
    unset: 'made once, kept in DATA_DIR/secret-key',
    secret: true,
  },
  PREVIOUS_SECRET_KEYS: secrets('Earlier SECRET_KEYs, whose links, tokens, signatures and seals still hold'),
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
  AUDIT_HEAD_MS: milliseconds('How often the ends of audit logs that have grown are signed', 100, 60_000),
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
  EMBEDDING_QUERY_PREFIX: prefix('question', 'query: '),
  EMBEDDING_PASSAGE_PREFIX: prefix('passage', 'passage: ', '; after a change, passages are embedded anew'),
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
    about:
      'Whom the server is made for: standard, production (the internet sees no introspection, playground or operations by GET), or public-demo for an installation that strangers may try',
    schema: oneOf(['standard', 'production', 'public-demo'], 'standard'),
    unset: 'standard',
  },
  INGESTS_PER_HOUR: {
    about: 'Papers that one person may begin to take in within an hour, before RATE_LIMITED',
    schema: wholeNumber(1, 1_000_000).optional(),
    unset: '500; 5 with PROFILE=public-demo',
  },
  INTROSPECTION: hidden('Whether the schema can be asked for, and errors suggest names'),
  GRAPHQL_GET: hidden('Whether queries may come by GET'),
  PLAYGROUND: hidden('Whether the playground is served at /'),
  PERSISTED_DOCUMENTS: {
    about:
      'Operations by the hash of their text: off, prefer (hash or text), or only (nothing but the listed ones: docs/security.md)',
    schema: oneOf(['off', 'prefer', 'only'], 'prefer'),
    unset: 'prefer',
  },
  PERSISTED_DOCUMENTS_FILE: {
    about: 'JSON file with documents of your own, {"sha256": "text", …}, added to the list that ships',
    schema: z.string().optional(),
    unset: 'the list that ships alone',
  },
  TRUSTED_PROXIES: {
    about: 'Addresses or networks (CIDR), separated by commas, of the proxies whose X-Forwarded-For is believed',
    schema: listOf(isProxy, 'addresses or networks such as 10.0.0.0/8, separated by commas'),
    unset: 'none: the address of a client is that of its connection',
  },
  RATE_ADDRESS_REQUESTS: perMinute('Requests', 'from one address', 60_000),
  RATE_USER_REQUESTS: perMinute('Requests', 'of one person', 30_000),
  RATE_KEY_REQUESTS: perMinute('Requests', 'with one API key or session', 30_000),
  RATE_ADDRESS_COST: perMinute('Cost of all operations', 'from one address', 6_000_000),
  RATE_USER_COST: perMinute('Cost of all operations', 'of one person', 3_000_000),
  RATE_KEY_COST: perMinute('Cost of all operations', 'with one API key or session', 3_000_000),
  SOCKETS_PER_ADDRESS: open('WebSockets and event streams', 'one address', 10_000),
  SOCKETS_PER_USER: open('WebSockets and event streams', 'one person', 5_000),
  SUBSCRIPTIONS_PER_ADDRESS: open('subscriptions', 'one address', 20_000),
  SUBSCRIPTIONS_PER_USER: open('subscriptions', 'one person', 10_000),
  MAX_CONNECTIONS: number(
    "Most connections of an API process; 0 for no limit but the system's",
    '',
    0,
    10_000_000,
    20_000,
  ),
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
  AUTH_REQUIRED: trueOrFalse(
    'Whether a credential is asked for. false: who sends none is a local developer with all rights; refused unless HOST is a loopback address',
    true,
  ),
  DEV_BYPASS_AUTH: trueOrFalse(
    'Whether the headers X-Dev-User-Id, X-Dev-Tenant-Id and X-Dev-Roles are believed; refused unless HOST is a loopback address',
    false,
  ),
  AUTH_JWT_SECRET: {
    about: 'Signs access tokens (HS256)',
    schema: secret.optional(),
    unset: 'derived from SECRET_KEY',
    secret: true,
    safer: 'a key of its own for each kind of token, also when one secret is all there is',
  },
  AUTH_JWT_PREVIOUS_SECRETS: secrets('Earlier AUTH_JWT_SECRETs whose tokens still hold'),
  AUTH_JWT_ISSUER: {
    about: 'Issuer of access tokens: a name or address of this installation',
    schema: z
      .string()
      .max(200, 'at most 200 characters long')
      .optional()
      .transform((value) => value ?? 'paperwright'),
    unset: 'paperwright',
  },
  AUTH_ACCESS_TOKEN_MINUTES: {
    ...number('How long an access token holds', 'minutes', 1, 1440, 30),
    safer: 'a session that has ended ends its tokens at once',
  },
  AUTH_REFRESH_TOKEN_DAYS: {
    ...number('How long a session lasts after it was last refreshed; never longer than 90 days', 'days', 1, 90, 14),
    safer: 'each refresh token holds once; one that comes twice ends its session',
  },
  AUTH_REFRESH_TOKEN_SECRET: {
    about: 'Makes and recognises refresh tokens',
    schema: secret.optional(),
    unset: 'derived from SECRET_KEY',
    secret: true,
    safer: 'never the key of access tokens',
  },
  AUTH_REFRESH_TOKEN_PREVIOUS_SECRETS: secrets('Earlier AUTH_REFRESH_TOKEN_SECRETs whose tokens still hold'),
  AUTH_REFRESH_COOKIE_NAME: {
    about: 'Cookie of the refresh token, for pages that ask for one',
    schema: z
      .string()
      .regex(/^[\w-]{1,100}$/, 'letters, digits, - and _')
      .optional()
      .transform((value) => value ?? 'paperwright_refresh'),
    unset: 'paperwright_refresh',
    safer: 'prefixed with `__Host-` when Secure',
  },
  AUTH_REFRESH_COOKIE_SECURE: {
    about: 'Whether that cookie goes over HTTPS only: true or false',
    schema: z
      .enum(['true', 'false'], 'true or false')
      .optional()
      .transform((value) => (value === undefined ? undefined : value === 'true')),
    unset: 'true, except where HOST is a loopback address and PUBLIC_URL is not https',
    safer: 'true wherever others can reach the API',
  },
  AUTH_REFRESH_COOKIE_SAMESITE: {
    about: "Which other sites' pages send that cookie along: strict, lax or none",
    schema: oneOf(['strict', 'lax', 'none'], 'strict'),
    unset: 'strict',
    safer: 'strict; and a page has to ask with `X-Refresh-Cookie: 1` from an allowed origin',
  },
  AUTH_CLOCK_SKEW_SECONDS: number("By how much others' clocks may differ when tokens are checked", 's', 0, 600, 60),
  AUTH_EXTERNAL_ISSUER: {
    about: 'Another issuer whose access tokens are accepted (docs/security.md says with which claims); its `iss`',
    schema: z.string().max(500, 'at most 500 characters long').optional(),
    unset: 'none',
  },
  AUTH_EXTERNAL_JWKS_URL: { about: 'Where its public keys are', schema: webAddress.optional(), unset: '' },
  AUTH_EXTERNAL_AUDIENCE: { about: 'What its tokens must have as `aud`', schema: z.string().optional(), unset: '' },
  AUTH_ALLOW_REGISTER: trueOrFalse(
    'Whether strangers may open accounts of their own; set it to false where the internet can reach the API',
    true,
  ),
  AUTH_MFA_CHALLENGE_MINUTES: number('How long a second factor may be given after the first', 'minutes', 1, 60, 5),
  AUTH_MFA_TOTP_ISSUER: {
    about: "Name under which one-time codes stand in people's authenticator apps",
    schema: z
      .string()
      .regex(/^[^:]{1,60}$/, 'a name of up to 60 characters without a colon')
      .optional()
      .transform((value) => value ?? 'Paperwright'),
    unset: 'Paperwright',
  },
  AUTH_MFA_TOTP_PERIOD_SECONDS: number(
    'How long a one-time code is shown, for second factors set up from now on',
    's',
    15,
    300,
    30,
  ),
  AUTH_MFA_TOTP_DIGITS: number('Digits of one-time codes, for second factors set up from now on', '', 6, 8, 6),
  AUTH_MFA_TOTP_WINDOW: number('One-time codes before and after the present one that are taken too', '', 0, 10, 1),
  AUTH_GOOGLE_CLIENT_ID: {
    about: 'OAuth client id for sign-in with Google',
    schema: z.string().optional(),
    unset: 'sign-in with Google is off',
  },
  AUTH_GOOGLE_ISSUER: {
    about: 'Issuer of its ID tokens',
    schema: webAddress.optional().transform((value) => value ?? 'https://accounts.google.com'),
    unset: 'https://accounts.google.com',
  },
  AUTH_GOOGLE_JWKS_URL: {
    about: 'Where its public keys are',
    schema: webAddress.optional().transform((value) => value ?? 'https://www.googleapis.com/oauth2/v3/certs'),
    unset: 'https://www.googleapis.com/oauth2/v3/certs',
  },
  AUTH_GOOGLE_JWKS_CACHE_SECONDS: number('How long they are kept', 's', 1, 86_400, 300),
  AUTH_GOOGLE_ALLOW_LINK_EXISTING: {
    ...trueOrFalse(
      'Whether a verified Google address enters the account of that address at once, rather than after its owner has signed in and linked it',
      false,
    ),
    safer: 'no account is linked without its owner',
  },
  SHUTDOWN_MS: milliseconds('How long a process may take to finish what it is doing when told to stop', 100, 20_000),
} as const satisfies Record<string, ConfigVariable>;

export type ConfigName = keyof typeof configVariables;
export type ConfigValues = { [N in ConfigName]: z.output<(typeof configVariables)[N]['schema']> };

/** The documentation's rows: name, meaning, value when unset, in what that is safer. */
export const configTable: ReadonlyArray<{ name: ConfigName; about: string; unset: string; safer: string }> = (
  Object.keys(configVariables) as ConfigName[]
).map((name) => {
  const { about, unset, safer = '' }: ConfigVariable = configVariables[name];
  return { name, about, unset, safer };
});

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
