import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { renderConfigTable, renderEnvExample } from './config-docs.js';
import { configTable } from './config-variables.js';

const repository = fileURLToPath(new URL('..', import.meta.url));
const KEY = 'k'.repeat(32);
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'paperwright-config-'));
});

const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    loadConfig({ DATA_DIR: dataDir, SECRET_KEY: KEY, ...env });
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('loadConfig', () => {
  it('starts a fresh machine without any variable', () => {
    const config = loadConfig({ DATA_DIR: dataDir });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 4000, publicUrl: undefined, allowedOrigins: [] });
    expect(config.database.source).toEqual({ kind: 'embedded', dataDir: path.join(dataDir, 'postgres') });
    expect(config.blobs).toEqual({ kind: 'disk', dir: path.join(dataDir, 'blobs') });
    expect(config.worker).toMatchObject({ concurrency: 4, pollMs: 500, leaseMs: 8000, sweepMs: 2000 });
    expect(config.limits.runArtifactBytes).toBe(25_000_000);
  });

  it('makes one secret key and keeps it, readable by nobody else', () => {
    const first = loadConfig({ DATA_DIR: dataDir }).secretKey;
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(loadConfig({ DATA_DIR: dataDir }).secretKey).toBe(first);
    expect(statSync(path.join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('says in one sentence each, and all at once, which values cannot be right', () => {
    expect(
      problemsOf({ PORT: 'http', LOG_LEVEL: 'loud', PUBLIC_URL: 'example.org', ALLOWED_ORIGINS: 'https://a.org/x' }),
    ).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "http".',
      'PUBLIC_URL must be a URL that begins with http:// or https://, but is "example.org".',
      'ALLOWED_ORIGINS must be origins such as https://example.org, separated by commas, but is "https://a.org/x".',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud".',
    ]);
  });

  it.each(['-1', '65536', '4000.5', '1e3', '0x10', '99999999999999999999'])('refuses %s as a port', (port) => {
    expect(problemsOf({ PORT: port })).toHaveLength(1);
  });

  it('does not repeat a secret in a message', () => {
    const problems = problemsOf({ SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(problems).toEqual([
      'DATABASE_URL must be a URL that begins with postgres:// or postgresql://.',
      'SECRET_KEY must be at least 32 characters long.',
    ]);
  });

  it('takes an empty value for unset', () => {
    expect(problemsOf({ PORT: '', DATABASE_URL: ' ' })).toEqual([]);
  });

  it('asks for everything that S3 needs', () => {
    expect(problemsOf({ BLOB_STORE: 's3', S3_ENDPOINT: 'nowhere', S3_BUCKET: 'b' })).toEqual([
      'S3_ENDPOINT must be a URL that begins with http:// or https://, but is "nowhere".',
      'S3_ACCESS_KEY must be set, because BLOB_STORE is s3.',
      'S3_SECRET_KEY must be set, because BLOB_STORE is s3.',
    ]);
  });

  it('lets people register, asks for codes as authenticator apps show them, and has no Google until there is a client id', () => {
    const accounts = (env: NodeJS.ProcessEnv) => loadConfig({ DATA_DIR: dataDir, ...env }).accounts;
    expect(accounts({})).toEqual({
      registrationOpen: true,
      secondFactor: { issuer: 'Paperwright', periodSeconds: 30, digits: 6, window: 1, challengeMs: 300_000 },
      google: null,
    });
    expect(accounts({ AUTH_ALLOW_REGISTER: 'false', AUTH_GOOGLE_CLIENT_ID: 'ours' })).toMatchObject({
      registrationOpen: false,
      google: { clientId: 'ours', issuer: 'https://accounts.google.com', jwksCacheMs: 300_000, linksByAddress: false },
    });
    expect(
      problemsOf({ AUTH_ALLOW_REGISTER: 'no', AUTH_MFA_TOTP_DIGITS: '9', AUTH_MFA_TOTP_ISSUER: 'a:b' }),
    ).toHaveLength(3);
  });

  it('takes in fewer papers an hour where strangers may try it, unless a number is set', () => {
    const perHour = (env: NodeJS.ProcessEnv) => loadConfig({ DATA_DIR: dataDir, ...env }).limits.ingestsPerHour;
    expect(perHour({})).toBe(500);
    expect(perHour({ PROFILE: 'public-demo' })).toBe(5);
    expect(perHour({ PROFILE: 'public-demo', INGESTS_PER_HOUR: '20' })).toBe(20);
    expect(problemsOf({ PROFILE: 'private', INGESTS_PER_HOUR: '0' })).toHaveLength(2);
  });

  it('has no language model unless it is told of one, and then says all that is missing', () => {
    expect(loadConfig({ DATA_DIR: dataDir, HOSTED_LLM_MODEL: 'm', OPENAI_API_KEY: 'k' }).model).toBeNull();
    expect(problemsOf({ LLM_PROVIDER: 'openai-compatible', HOSTED_LLM_INPUT_PRICE: '0.1' })).toEqual([
      'HOSTED_LLM_BASE_URL must be set, because LLM_PROVIDER is openai-compatible.',
      'HOSTED_LLM_MODEL must be set, because LLM_PROVIDER is openai-compatible.',
      'HOSTED_LLM_INPUT_PRICE and HOSTED_LLM_OUTPUT_PRICE go together: set both, or none.',
    ]);
    const env = {
      LLM_PROVIDER: 'openai-compatible',
      HOSTED_LLM_BASE_URL: 'http://localhost:11434/v1/',
      HOSTED_LLM_MODEL: 'small',
      HOSTED_LLM_MODEL_DRAFT: 'large',
      OPENAI_API_KEY: 'alias',
    };
    expect(loadConfig({ DATA_DIR: dataDir, ...env }).model).toEqual({
      baseUrl: 'http://localhost:11434/v1',
      apiKey: 'alias',
      models: { outline: 'small', draft: 'large', judge: 'small' },
      timeoutMs: 120_000,
      prices: null,
    });
    expect(loadConfig({ DATA_DIR: dataDir, ...env, HOSTED_LLM_API_KEY: 'own' }).model?.apiKey).toBe('own');
  });

  it('has no embedding model unless it is told of one, and sends it the key of the other endpoint only at the same address', () => {
    expect(loadConfig({ DATA_DIR: dataDir, EMBEDDING_MODEL: 'm' }).embedding).toBeNull();
    const on = { EMBEDDING_PROVIDER: 'openai-compatible' };
    expect(problemsOf(on)).toEqual([
      'EMBEDDING_BASE_URL or HOSTED_LLM_BASE_URL must be set, because EMBEDDING_PROVIDER is openai-compatible.',
      'EMBEDDING_MODEL must be set, because EMBEDDING_PROVIDER is openai-compatible.',
    ]);
    expect(
      problemsOf({ ...on, EMBEDDING_BASE_URL: 'nowhere', EMBEDDING_MODEL: 'm', EMBEDDING_DIMENSIONS: '0' }),
    ).toEqual([
      'EMBEDDING_BASE_URL must be a URL that begins with http:// or https://, but is "nowhere".',
      'EMBEDDING_DIMENSIONS must be a whole number from 1 to 16000, but is "0".',
    ]);
    const chat = { HOSTED_LLM_BASE_URL: 'http://models/v1', HOSTED_LLM_API_KEY: 'chat', EMBEDDING_MODEL: 'small' };
    const read = (env: NodeJS.ProcessEnv) => loadConfig({ DATA_DIR: dataDir, ...on, ...chat, ...env }).embedding;
    expect(read({})).toEqual({
      baseUrl: 'http://models/v1',
      apiKey: 'chat',
      model: 'small',
      dimensions: null,
      prefixes: { query: '', passage: '' },
      timeoutMs: 30_000,
      price: null,
    });
    expect(read({ EMBEDDING_QUERY_PREFIX: 'query: ', EMBEDDING_PASSAGE_PREFIX: 'passage: ' })?.prefixes).toEqual({
      query: 'query: ',
      passage: 'passage: ',
    });
    expect(read({ EMBEDDING_BASE_URL: 'http://models/v1/' })?.apiKey).toBe('chat');
    expect(read({ EMBEDDING_BASE_URL: 'http://others/v1' })?.apiKey).toBeUndefined();
    const own = {
      EMBEDDING_BASE_URL: 'http://others/v1',
      EMBEDDING_API_KEY: 'own',
      EMBEDDING_DIMENSIONS: '256',
      EMBEDDING_PRICE: '0.02',
    };
    expect(read(own)).toMatchObject({ apiKey: 'own', dimensions: 256, price: 0.02 });
  });

  it('takes files of 50 MB and 1,000 pages, and asks where GROBID is only when it is the standard engine', () => {
    const { limits, papers } = loadConfig({ DATA_DIR: dataDir });
    expect([limits.uploadBytes, limits.paperPages]).toEqual([50 * 1024 * 1024, 1_000]);
    expect(papers).toEqual({ engine: 'BUILTIN', grobidUrl: undefined, ocr: undefined, contactEmail: undefined });
    expect(problemsOf({ PAPER_ENGINE: 'grobid' })).toEqual(['GROBID_URL must be set, because PAPER_ENGINE is grobid.']);
    expect(problemsOf({ PAPER_ENGINE: 'grobid', GROBID_URL: 'http://localhost:8070/' })).toEqual([]);
    expect(loadConfig({ DATA_DIR: dataDir, OCR: 'eng' }).papers.ocr).toBe('eng');
    expect(problemsOf({ OCR: 'klingon' })).toHaveLength(1);
    expect(problemsOf({ CONTACT_EMAIL: 'nobody' })).toHaveLength(1);
  });

  it('lets research ask nobody outside, unless services are named', () => {
    expect(loadConfig({ DATA_DIR: dataDir }).connectors.allowed).toEqual([]);
    const named = loadConfig({ DATA_DIR: dataDir, RESEARCH_CONNECTORS: 'openalex, ARXIV,,openalex' });
    expect(named.connectors.allowed).toEqual(['OPENALEX', 'ARXIV']);
    expect(problemsOf({ RESEARCH_CONNECTORS: 'openalex, library' })).toEqual([
      expect.stringMatching(/^RESEARCH_CONNECTORS must be names out of openalex, .*url, separated by commas/),
    ]);
  });

  it('wants the three role URLs together, and prefers them to DATABASE_URL', () => {
    const roles = {
      DATABASE_OWNER_URL: 'postgres://o@db/pw',
      DATABASE_APP_URL: 'postgres://a@db/pw',
      DATABASE_QUEUE_URL: 'postgres://q@db/pw',
    };
    expect(problemsOf({ DATABASE_APP_URL: roles.DATABASE_APP_URL })).toHaveLength(1);
    const all = { DATA_DIR: dataDir, SECRET_KEY: KEY, DATABASE_URL: 'postgres://root@db/pw', ...roles };
    expect(loadConfig(all).database.source.kind).toBe('roles');
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig({ DATA_DIR: dataDir, SECRET_KEY: KEY });
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => (config.http.allowedOrigins as string[]).push('https://evil.example')).toThrow(TypeError);
  });

  it('refuses a data folder that is a file', () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, '');
    expect(() => loadConfig({ DATA_DIR: file })).toThrow(/it is not a folder/);
  });
});

/** Both files are mended by `npx vitest run src/config.test.ts -u`. */
describe('the documentation of the settings', () => {
  it('shows exactly the variables there are, in docs/configuration.md', async () => {
    const file = path.join(repository, 'docs/configuration.md');
    const wanted = readFileSync(file, 'utf8').replace(/^\| variable [\s\S]*?(?=\n\n)/m, () =>
      renderConfigTable(configTable),
    );
    expect(wanted).toContain('| `PORT` |');
    await expect(wanted).toMatchFileSnapshot(file);
  });

  it('offers exactly the variables there are, in .env.example', async () => {
    await expect(renderEnvExample(configTable)).toMatchFileSnapshot(path.join(repository, '.env.example'));
  });
});
