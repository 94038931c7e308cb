/** Writes the list of settings for people: the table of docs/configuration.md and the whole of .env.example. */
import type { configTable } from './config-variables.js';

type Rows = typeof configTable;

export function renderConfigTable(rows: Rows): string {
  const lines = rows.map(({ name, about, unset, safer }) => `| \`${name}\` | ${about} | ${unset} | ${safer} |`);
  return ['| variable | meaning | when unset | safer than usual |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** Every line is commented out: a copy of the file changes nothing until a line is edited. */
export function renderEnvExample(rows: Rows): string {
  const head =
    '# Copy to .env and edit. Variables of the environment win over this file. Meanings: docs/configuration.md\n';
  return `${head}\n${rows.map(({ name, about, unset }) => `# ${about}${unset ? `. Unset: ${unset}` : ''}\n# ${name}=\n`).join('\n')}`;
}
