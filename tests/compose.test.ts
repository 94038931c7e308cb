/**
 * docker-compose.yml is valid by the Compose Specification's own schema, and keeps what the schema cannot know: every
 * service is health-checked, waits for what it needs, and no secret has a default.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  image?: string;
  build?: string;
  restart?: string;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  env_file?: { path: string; required: boolean }[];
  tmpfs?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const read = (name: string) => readFile(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');

let text: string;
let compose: { services: Record<string, Service>; volumes: Record<string, null> };
let validates: ReturnType<Ajv['compile']>;

beforeAll(async () => {
  text = await read('docker-compose.yml');
  compose = parse(text, { merge: true });
  const schema: object = JSON.parse(await read('tests/fixtures/compose-spec/compose-spec.json'));
  // The formats are Go's own ("duration", "ports"): their patterns are in the schema, their names mean nothing to Ajv.
  validates = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile({
    ...schema,
    $schema: undefined,
  });
});

describe('docker-compose.yml', () => {
  it('is valid by the schema of the Compose Specification', () => {
    validates(compose);
    expect(validates.errors ?? []).toEqual([]);
  });

  it('would not be if a service were misspelt: the schema is really asked', () => {
    const broken = structuredClone(compose);
    Object.assign(broken.services.api ?? {}, { helthcheck: {} });
    expect(validates(broken)).toBe(false);
  });

  it('has the API, the worker, Postgres with pgvector and MinIO', () => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(['api', 'worker', 'postgres', 'minio']));
    expect(compose.services.postgres?.image).toBe('pgvector/pgvector:pg17');
  });

  it('checks the health of every service that stays, in the file or in our image', async () => {
    const dockerfile = await read('Dockerfile');
    for (const [name, service] of Object.entries(compose.services)) {
      if (service.restart === 'no') continue;
      const checked =
        service.healthcheck !== undefined || (service.build === '.' && dockerfile.includes('HEALTHCHECK'));
      expect(checked, name).toBe(true);
    }
  });

  it('starts the product only when its database is healthy and its bucket is there', () => {
    for (const name of ['api', 'worker']) {
      expect(compose.services[name]?.depends_on).toMatchObject({
        postgres: { condition: 'service_healthy' },
        bucket: { condition: 'service_completed_successfully' },
      });
    }
  });

  it('waits only for services that exist, and mounts only volumes that are declared', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      for (const needed of Object.keys(service.depends_on ?? {})) expect(compose.services, name).toHaveProperty(needed);
      for (const mount of service.volumes ?? [])
        expect(compose.volumes, name).toHaveProperty(mount.split(':')[0] ?? '');
    }
  });

  it('starts GROBID only for who asks for it, and nothing waits for it', () => {
    expect(compose.services.grobid?.profiles).toEqual(['grobid']);
    for (const [name, service] of Object.entries(compose.services)) {
      if (name !== 'grobid') expect(service.profiles, name).toBeUndefined();
      expect(Object.keys(service.depends_on ?? {}), name).not.toContain('grobid');
    }
  });

  it('takes GROBID for healthy exactly when its service says that it is alive', async () => {
    const check = compose.services.grobid?.healthcheck?.test ?? [];
    for (const [alive, exitCode] of [
      ['true', 0],
      ['false', 1],
    ] as const) {
      const asked: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url);
        response.end(alive);
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      const [command = '', ...args] = check.slice(1).map((part) => part.replace('/8070', `/${port}`));
      const [code] = await once(spawn(command, args, { stdio: 'ignore' }), 'exit');
      server.close();
      expect([asked, code], alive).toEqual([['/api/isalive'], exitCode]);
    }
  });

  it('gives no secret a value or a default: an unset one stops the start', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        if (!/PASSWORD|SECRET|ACCESS_KEY|ROOT_USER|DATABASE_URL|MC_HOST/.test(variable)) continue;
        const substitutions = [...value.matchAll(/\$\{\w+(:\?|:-|\}|-)/g)].map((match) => match[1]);
        expect(substitutions.length, `${name} ${variable}`).toBeGreaterThan(0);
        expect(
          substitutions.every((kind) => kind === ':?'),
          `${name} ${variable}`,
        ).toBe(true);
      }
    }
  });

  it('publishes ports on this machine only unless told otherwise', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^\$\{BIND_ADDRESS:-127\.0\.0\.1\}:/);
  });

  it('hands every setting of .env on to the product, save where it listens and what it is connected to', () => {
    for (const name of ['api', 'worker']) {
      const { env_file, environment } = compose.services[name] ?? {};
      expect(env_file, name).toEqual([{ path: '.env', required: false }]);
      expect(environment, name).toMatchObject({ HOST: '0.0.0.0', PORT: '4000', DATA_DIR: '/data', BLOB_STORE: 's3' });
    }
  });

  it('never believes who a request says it is: the headers of development are nowhere asked for', () => {
    expect(text).not.toContain('DEV_BYPASS_AUTH');
  });

  it('leaves no unnamed volume behind: what the images declare as one is memory or has a name', () => {
    for (const name of ['api', 'worker', 'bucket']) {
      expect(compose.services[name]?.tmpfs?.[0], name).toMatch(/^\/data\b/);
    }
  });

  it('builds an image that can do what the command line does', async () => {
    expect((await read('.dockerignore')).split('\n')).toContain('!cli');
  });

  it('sets only variables that the product documents', async () => {
    const documented = new Set(
      [...(await read('docs/configuration.md')).matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name),
    );
    for (const name of ['api', 'worker']) {
      const unknown = Object.keys(compose.services[name]?.environment ?? {}).filter(
        (variable) => !documented.has(variable),
      );
      expect(unknown, name).toEqual([]);
    }
  });
});
