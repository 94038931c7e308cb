/**
 * The settings of this process, read once at its start, checked, frozen and passed on by argument. The only reader of
 * process.env. A `.env` in the working directory fills in what the environment leaves unset; an empty value is unset.
 * A value that cannot be right stops the start: one sentence for each, all at once, none repeating a secret.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { authSettings, checkAuth } from './config-auth.js';
import { type EdgeConfig, edgeConfig } from './config-edge.js';
import type { ConfigVariable } from './config-forms.js';
import { embeddingModel, languageModel } from './config-models.js';
import { type ConfigName, type ConfigValues, configVariables } from './config-variables.js';
import type { EmbeddingConfig } from './evidence/embeddings/embedding-config.js';
import type { SecondFactorSettings } from './identity/accounts/account-services.js';
import type { GoogleSettings } from './identity/google/google-id-token.js';
import type { AuthSettings } from './identity/tokens/auth-services.js';
import type { SearchServiceName } from './kinds/research/connector-name.js';
import type { ModelConfig } from './kinds/research/model-config.js';
import type { PaperEngineName } from './papers/paper-engine-name.js';
import type { DatabaseUrls } from './platform/database/roles.js';
import { AppError, badInput } from './platform/errors.js';
import type { TracingConfig } from './platform/telemetry/tracing.js';
import { readOrMakeSecretKey } from './secret-key.js';

/** Where the database is, and with what rights it is reached. */
export type DatabaseSource =
  | { kind: 'embedded'; dataDir: string }
  /** A role that may create roles: the product's own are made and derived from it. */
  | { kind: 'administrator'; url: string }
  /** The product's roles, made by the operator. */
  | { kind: 'roles'; urls: DatabaseUrls };

export type BlobStoreConfig =
  | { kind: 'disk'; dir: string }
  | { kind: 's3'; endpoint: string; region: string; bucket: string; accessKey: string; secretKey: string };

export interface Config {
  http: {
    host: string;
    port: number;
    /** Without a slash at the end. Undefined: http://localhost and the port that the API really got. */
    publicUrl: string | undefined;
    allowedOrigins: readonly string[];
  };
  edge: EdgeConfig;
  logLevel: ConfigValues['LOG_LEVEL'];
  /** What must be in no line of a log. */
  secrets: readonly string[];
  /** Hex sha256 of all settings that are no secrets: two processes with the same one were set up alike. */
  fingerprint: string;
  /** Absolute. */
  dataDir: string;
  database: { source: DatabaseSource; poolSize: number };
  /** At least 32 characters. */
  secretKey: string;
  /** Those before it: what was made with keys of theirs is still accepted. */
  previousSecretKeys: readonly string[];
  blobs: BlobStoreConfig;
  worker: {
    concurrency: number;
    pollMs: number;
    stageTimeoutMs: number;
    maxStageAttempts: number;
    leaseMs: number;
    sweepMs: number;
    debugPoint?: string;
  };
  blobSweep: { everyMs: number; graceMs: number };
  auditHeadMs: number;
  limits: {
    queuedRuns: number;
    runArtifactBytes: number;
    uploadBytes: number;
    paperPages: number;
    ingestsPerHour: number; // of one person
  };
  papers: {
    engine: PaperEngineName;
    grobidUrl: string | undefined; // without a slash at the end
    ocr: 'eng' | undefined; // the language of scanned pages; undefined: they are not read
    contactEmail: string | undefined;
  };
  connectors: {
    /** What research runs may ask outside of this machine. */
    allowed: readonly SearchServiceName[];
    openAlexKey: string | undefined;
    semanticScholarKey: string | undefined;
  };
  /** How credentials are made and read. */
  auth: AuthSettings;
  /** How people come in. */
  accounts: {
    registrationOpen: boolean;
    secondFactor: SecondFactorSettings;
    /** Null: not set up. */
    google: (GoogleSettings & { linksByAddress: boolean }) | null;
  };
  /** Null: there is none, and research is done without. */
  model: ModelConfig | null;
  /** Null: there is none, and passages are found by their words. */
  embedding: EmbeddingConfig | null;
  graphql: { maxDepth: number; maxAliases: number; maxTokens: number; maxCost: number };
  tracing: TracingConfig;
  /** Null: the worker counts nothing. */
  workerMetrics: { host: string; port: number } | null;
  shutdownMs: number;
}

/**
 * Reads and checks the settings; throws BAD_INPUT with a sentence a line. Makes DATA_DIR/secret-key when there is no
 * SECRET_KEY. With `env` given, neither process.env nor .env is read.
 */
export function loadConfig(env: NodeJS.ProcessEnv = { ...readEnvFile('.env'), ...withoutEmpty(process.env) }): Config {
  const { values, problems } = parseAll(env);
  const dataDir = path.resolve(values.DATA_DIR ?? '');
  const source = databaseSource(values, path.join(dataDir, 'postgres'), problems);
  const blobs = blobStore(values, path.join(dataDir, 'blobs'), problems);
  if (values.PAPER_ENGINE === 'grobid' && !values.GROBID_URL)
    problems.push('GROBID_URL must be set, because PAPER_ENGINE is grobid.');
  const model = languageModel(values, problems);
  checkAuth(values, problems);
  const embedding = embeddingModel(values, problems);
  if (problems.length > 0) throw badInput(problems.join('\n'));
  return deepFreeze(assemble(values as ConfigValues, { dataDir, source, blobs, model, embedding }));
}

/** The environment for a child process: this one's, with `additions` that win over it and over the child's .env. */
export const environmentWith = (additions: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...additions,
});

interface ReadTogether {
  dataDir: string;
  source: DatabaseSource;
  blobs: BlobStoreConfig;
  model: ModelConfig | null;
  embedding: EmbeddingConfig | null;
}

function assemble(values: ConfigValues, { dataDir, source, blobs, model, embedding }: ReadTogether): Config {
  const secretKey = values.SECRET_KEY ?? readOrMakeSecretKey(dataDir);
  return {
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL,
      allowedOrigins: values.ALLOWED_ORIGINS,
    },
    edge: edgeConfig(values),
    logLevel: values.LOG_LEVEL,
    secrets: [secretKey, ...secretsIn(values)],
    fingerprint: fingerprintOf(values),
    dataDir,
    database: { source, poolSize: values.DATABASE_POOL_SIZE },
    secretKey,
    previousSecretKeys: values.PREVIOUS_SECRET_KEYS,
    blobs,
    worker: {
      concurrency: values.WORKER_CONCURRENCY,
      pollMs: values.WORKER_POLL_MS,
      stageTimeoutMs: values.STAGE_TIMEOUT_MS,
      maxStageAttempts: values.MAX_STAGE_ATTEMPTS,
      leaseMs: values.LEASE_MS,
      sweepMs: values.SWEEP_MS,
      ...(values.DEBUG_POINT ? { debugPoint: values.DEBUG_POINT } : {}),
    },
    blobSweep: { everyMs: values.BLOB_SWEEP_MS, graceMs: values.BLOB_GRACE_MS },
    auditHeadMs: values.AUDIT_HEAD_MS,
    limits: {
      queuedRuns: values.QUEUE_LIMIT,
      runArtifactBytes: values.RUN_ARTIFACT_BYTES,
      uploadBytes: values.UPLOAD_BYTES,
      paperPages: values.PAPER_PAGES,
      ingestsPerHour: values.INGESTS_PER_HOUR ?? INGESTS_PER_HOUR[values.PROFILE],
    },
    papers: {
      engine: values.PAPER_ENGINE === 'grobid' ? 'GROBID' : 'BUILTIN',
      grobidUrl: values.GROBID_URL,
      ocr: values.OCR === 'off' ? undefined : values.OCR,
      contactEmail: values.CONTACT_EMAIL,
    },
    connectors: {
      allowed: values.RESEARCH_CONNECTORS,
      openAlexKey: values.OPENALEX_API_KEY,
      semanticScholarKey: values.SEMANTIC_SCHOLAR_API_KEY,
    },
    auth: authSettings(values, secretKey),
    accounts: accountsOf(values),
    model,
    embedding,
    graphql: {
      maxDepth: values.GRAPHQL_MAX_DEPTH,
      maxAliases: values.GRAPHQL_MAX_ALIASES,
      maxTokens: values.GRAPHQL_MAX_TOKENS,
      maxCost: values.GRAPHQL_MAX_COST,
    },
    tracing: { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, ratio: values.OTEL_TRACES_SAMPLER_ARG },
    workerMetrics:
      values.WORKER_METRICS_PORT === undefined
        ? null
        : { host: values.WORKER_METRICS_HOST, port: values.WORKER_METRICS_PORT },
    shutdownMs: values.SHUTDOWN_MS,
  };
}

function accountsOf(values: ConfigValues): Config['accounts'] {
  return {
    registrationOpen: values.AUTH_ALLOW_REGISTER,
    secondFactor: {
      issuer: values.AUTH_MFA_TOTP_ISSUER,
      periodSeconds: values.AUTH_MFA_TOTP_PERIOD_SECONDS,
      digits: values.AUTH_MFA_TOTP_DIGITS,
      window: values.AUTH_MFA_TOTP_WINDOW,
      challengeMs: values.AUTH_MFA_CHALLENGE_MINUTES * 60_000,
    },
    google: values.AUTH_GOOGLE_CLIENT_ID
      ? {
          clientId: values.AUTH_GOOGLE_CLIENT_ID,
          issuer: values.AUTH_GOOGLE_ISSUER,
          jwksUrl: values.AUTH_GOOGLE_JWKS_URL,
          jwksCacheMs: values.AUTH_GOOGLE_JWKS_CACHE_SECONDS * 1000,
          clockSkewSeconds: values.AUTH_CLOCK_SKEW_SECONDS,
          linksByAddress: values.AUTH_GOOGLE_ALLOW_LINK_EXISTING,
        }
      : null,
  };
}

const INGESTS_PER_HOUR: Record<ConfigValues['PROFILE'], number> = {
  standard: 500,
  production: 500,
  'public-demo': 5,
};

/** Tells two configurations apart in the logs, and gives no secret away. */
function fingerprintOf(values: ConfigValues): string {
  const shown = Object.entries<ConfigVariable>(configVariables).filter(([, { secret }]) => !secret);
  const pairs = shown.map(([name]) => [name, values[name as ConfigName] ?? null]).sort();
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex');
}

/** Every value of a variable that is a secret. */
function secretsIn(values: ConfigValues): string[] {
  const names = (Object.keys(configVariables) as ConfigName[]).filter((name) => 'secret' in configVariables[name]);
  return names.flatMap((name) => values[name]).filter((value): value is string => typeof value === 'string');
}

function parseAll(env: NodeJS.ProcessEnv): { values: Partial<ConfigValues>; problems: string[] } {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<ConfigVariable>(configVariables)) {
    const given = env[name];
    const text = (variable.verbatim ? given : given?.trim()) || undefined;
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else {
      const found = variable.secret ? '' : `, but is "${text}"`;
      problems.push(`${name} must be ${parsed.error.issues[0]?.message}${found}.`);
    }
  }
  return { values: values as Partial<ConfigValues>, problems };
}

function databaseSource(values: Partial<ConfigValues>, dataDir: string, problems: string[]): DatabaseSource {
  const { DATABASE_OWNER_URL: owner, DATABASE_APP_URL: app, DATABASE_QUEUE_URL: queue, DATABASE_URL: url } = values;
  if (owner && app && queue) return { kind: 'roles', urls: { owner, app, queue } };
  if (owner || app || queue) {
    problems.push('DATABASE_OWNER_URL, DATABASE_APP_URL and DATABASE_QUEUE_URL go together: set all three, or none.');
  }
  return url ? { kind: 'administrator', url } : { kind: 'embedded', dataDir };
}

function blobStore(values: Partial<ConfigValues>, dir: string, problems: string[]): BlobStoreConfig {
  if (values.BLOB_STORE !== 's3') return { kind: 'disk', dir };
  const required = (name: ConfigName & `S3_${string}`): string => {
    const value = values[name];
    if (!value && !problems.some((line) => line.startsWith(name)))
      problems.push(`${name} must be set, because BLOB_STORE is s3.`);
    return value ?? '';
  };
  return {
    kind: 's3',
    endpoint: required('S3_ENDPOINT'),
    region: values.S3_REGION ?? '',
    bucket: required('S3_BUCKET'),
    accessKey: required('S3_ACCESS_KEY'),
    secretKey: required('S3_SECRET_KEY'),
  };
}

function readEnvFile(file: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as NodeJS.ProcessEnv;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new AppError('BAD_INPUT', `${path.resolve(file)} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

const withoutEmpty = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
