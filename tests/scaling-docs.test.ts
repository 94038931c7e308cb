/** The Kubernetes example of docs/scaling.md: is YAML, holds together, and names what the product has. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { configTable } from '../src/config-variables.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.number() }) }).optional();
const container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.object({ containerPort: z.number() })).default([]),
  livenessProbe: probe,
  readinessProbe: probe,
});
const template = z.object({
  metadata: z.object({ labels }).optional(),
  spec: z.object({ containers: z.array(container).min(1) }),
});
const resource = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: template.optional(),
    selector: z.union([z.object({ matchLabels: labels }), labels]).optional(),
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }).optional(),
    metrics: z.array(z.object({ external: z.object({ metric: z.object({ name: z.string() }) }) })).default([]),
  }),
});

const source = /^```yaml\n([\s\S]*?)^```/m.exec(read('docs/scaling.md'))?.[1] ?? '';
const parsed = parseAllDocuments(source);
if (!Array.isArray(parsed)) throw new Error('docs/scaling.md holds no YAML');
const resources = parsed.map((document) => {
  expect(document.errors).toEqual([]);
  return resource.parse(document.toJS());
});
const containers = resources.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
const named = (kind: string) => resources.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

describe('the Kubernetes example', () => {
  it('has an API, a worker, a migration and an autoscaler', () => {
    expect(named('Deployment')).toEqual(['paperwright-api', 'paperwright-worker']);
    expect([named('Job'), named('Service'), named('HorizontalPodAutoscaler')].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
  });

  it('runs programs that the build makes, with settings that exist', () => {
    const settings = new Set<string>(configTable.map(({ name }) => name));
    for (const { command, env } of containers) {
      const script = command[1]?.replace(/^dist\/(.*)\.js$/, '$1.ts') ?? '';
      expect(read(script), script).not.toBe('');
      expect(env.map(({ name }) => name).filter((name) => !settings.has(name))).toEqual([]);
    }
  });

  it('selects its own pods and asks paths and ports that are there', () => {
    for (const { spec } of resources) {
      const selector = spec.selector && 'matchLabels' in spec.selector ? spec.selector.matchLabels : undefined;
      if (selector) expect(spec.template?.metadata?.labels).toEqual(selector);
    }
    const health = read('src/api/routes/health.ts');
    for (const { livenessProbe, readinessProbe, ports } of containers) {
      for (const asked of [livenessProbe, readinessProbe]) {
        if (!asked) continue;
        expect(health).toContain(`'${asked.httpGet.path}'`);
        expect(ports.map(({ containerPort }) => containerPort)).toContain(asked.httpGet.port);
      }
    }
  });

  it('scales a deployment of its own by a metric that the product shows', () => {
    const [scaler] = resources.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(named(scaler?.spec.scaleTargetRef?.kind ?? '')).toContain(scaler?.spec.scaleTargetRef?.name);
    const shown = read('src/api/routes/metrics.ts');
    for (const { external } of scaler?.spec.metrics ?? []) expect(shown).toContain(`'${external.metric.name}'`);
    expect(scaler?.spec.metrics).toHaveLength(1);
  });
});
