import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCappedChild, type ChildCaps, nodeOptions } from './capped-child.js';

const MIB = 1024 * 1024;
const CAPS: ChildCaps = {
  wallMs: 30_000,
  residentBytes: 1024 * MIB,
  heapMib: 128,
  wasmMib: 16,
  answerBytes: MIB,
};

const CHILDREN = {
  echo: `for await (const chunk of process.stdin) process.stdout.write(JSON.parse(process.argv[2]).before + chunk);`,
  environment: 'process.stdout.write(JSON.stringify(process.env));',
  loop: 'for (;;);',
  crash: 'process.exit(3);',
  chatter:
    'for (;;) if (!process.stdout.write(Buffer.alloc(65536))) await new Promise((go) => process.stdout.once("drain", go));',
  hoarder: 'const held = []; for (;;) { held.push(Buffer.alloc(1 << 20, 1)); await new Promise(setImmediate); }',
  heap: 'const held = []; for (;;) held.push(new Array(1000).fill(held.length));',
  wasm: `const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
         try { memory.grow(17 * 16); process.stdout.write('grew'); } catch { process.stdout.write('refused'); }`,
  caller: `const { connect } = await import('node:net');
           connect(JSON.parse(process.argv[2]).port, '127.0.0.1', () => { for (;;); });`,
};

describe('askCappedChild', () => {
  let folder: string;
  const fileOf = (name: keyof typeof CHILDREN) => path.join(folder, `${name}.mjs`);
  const ask = (name: keyof typeof CHILDREN, caps: Partial<ChildCaps> = {}, signal = new AbortController().signal) =>
    askCappedChild({
      file: fileOf(name),
      argument: { before: 'before ' },
      input: Buffer.from('input'),
      caps: { ...CAPS, ...caps },
      signal,
    });

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'capped-child-'));
    for (const [name, source] of Object.entries(CHILDREN)) writeFileSync(path.join(folder, `${name}.mjs`), source);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('hands over argument and input, and returns what the child wrote', async () => {
    expect(await ask('echo')).toEqual({ answer: Buffer.from('before input') });
  });

  it('gives the child nothing of its own environment', async () => {
    expect(await ask('environment')).toEqual({ answer: Buffer.from('{}') });
  });

  it.each([
    ['loops for ever', 'loop', { wallMs: 300 }, 'TOO_SLOW'],
    ['answers without end', 'chatter', {}, 'TOO_LARGE'],
    ['ends with an error', 'crash', {}, 'CRASHED'],
    ['fills its heap', 'heap', {}, 'CRASHED'],
  ] as const)('ends a child that %s', async (_what, name, caps, failure) => {
    expect(await ask(name, caps)).toEqual({ failure });
  });

  it.skipIf(process.platform !== 'linux')('ends a child that takes memory outside its heap (Linux only)', async () => {
    expect(await ask('hoarder', { residentBytes: 200 * MIB })).toEqual({ failure: 'TOO_LARGE' });
  });

  it('lets no WebAssembly memory grow beyond its cap', async () => {
    expect(await ask('wasm')).toEqual({ answer: Buffer.from('refused') });
    expect(await ask('wasm', { wasmMib: 32 })).toEqual({ answer: Buffer.from('grew') });
  });

  it('kills the child on abort, and starts none once it is aborted', async () => {
    await withConnection(async (port, connected) => {
      const controller = new AbortController();
      const asking = askCappedChild({
        file: fileOf('caller'),
        argument: { port },
        input: Buffer.alloc(0),
        caps: CAPS,
        signal: controller.signal,
      });
      const socket = await connected;
      const closed = once(socket, 'close');
      controller.abort(new Error('canceled by a person'));
      await expect(asking).rejects.toThrow('canceled by a person');
      await closed;
      await expect(ask('echo', {}, controller.signal)).rejects.toThrow('canceled by a person');
    });
  });

  it('leaves no child behind when the process that watched it was killed', async () => {
    const child = spawn(process.execPath, [...nodeOptions({ ...CAPS, wallMs: 1 }), fileOf('loop')]);
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
  });
});

/** A child that connects can be seen to end, whatever loop it is in: its connection closes. */
async function withConnection(use: (port: number, connected: Promise<Socket>) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection').then(([socket]) => {
    (socket as Socket).on('error', () => undefined).resume();
    return socket as Socket;
  });
  const address = server.address();
  await use(typeof address === 'object' && address ? address.port : 0, connected);
  server.close();
}
