/**
 * An endpoint that speaks OpenAI's chat completions on this machine, as well or as badly as a test says. Each request takes
 * the next behaviour; the last one stays.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ModelCall {
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    max_tokens: number;
    response_format?: unknown;
  };
}

export type ModelBehaviour = (response: ServerResponse, call: ModelCall) => void;

export interface ModelEndpoint {
  baseUrl: string; // up to /v1
  calls: ModelCall[];
}

export interface StreamOptions {
  usage?: { prompt_tokens: number; completion_tokens: number; cost?: number } | null;
  reasoning?: string;
  finish?: string | null;
}

/** Closed when the test ends, or by `close` when it is opened outside of one. */
export async function startModelEndpoint(...behaviours: ModelBehaviour[]): Promise<ModelEndpoint> {
  const { close, ...endpoint } = await openModelEndpoint(...behaviours);
  onTestFinished(close);
  return endpoint;
}

export async function openModelEndpoint(
  ...behaviours: ModelBehaviour[]
): Promise<ModelEndpoint & { close(): Promise<void> }> {
  const calls: ModelCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as ModelCall['body'];
      const call = { path: request.url ?? '', headers: request.headers, body };
      calls.push(call);
      (behaviours[Math.min(calls.length, behaviours.length) - 1] ?? status(500))(response, call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const USAGE = { prompt_tokens: 100, completion_tokens: 20 };

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (part: Record<string, string>) => event({ choices: [{ index: 0, delta: part, finish_reason: null }] });
const pieces = (text: string): string[] => text.match(/[\s\S]{1,7}/gu) ?? [];
const openStream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

/** The text in pieces, then the usage, then the end. */
export const streams =
  (text: string, { usage = USAGE, reasoning = '', finish = 'stop' }: StreamOptions = {}): ModelBehaviour =>
  (response) => {
    openStream(response);
    response.write(': a comment, as OpenRouter sends while it waits\n\n');
    for (const piece of pieces(reasoning)) response.write(delta({ reasoning: piece }));
    for (const piece of pieces(text)) response.write(delta({ content: piece }));
    response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }));
    if (usage) response.write(event({ choices: [], usage }));
    response.end('data: [DONE]\n\n');
  };

/** An answer made from what was asked, streamed. */
export const answers =
  (make: (call: ModelCall) => unknown): ModelBehaviour =>
  (response, call) =>
    streams(JSON.stringify(make(call)))(response, call);

/** Part of a text, then the connection breaks (`reset`) or ends as if all were said. */
export const truncates =
  (text: string, how: 'reset' | 'end'): ModelBehaviour =>
  (response) => {
    openStream(response);
    response.write(delta({ content: text }), () => (how === 'reset' ? response.destroy() : response.end()));
  };

/** Not streamed, as some servers do whatever they are asked. */
export const whole =
  (text: string): ModelBehaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: USAGE,
      }),
    );
  };

export const status =
  (code: number, headers: Record<string, string> = {}, body = '{"error":{"message":"no"}}'): ModelBehaviour =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };

/** An error in the stream after a good beginning. */
export const failsMidway: ModelBehaviour = (response) => {
  openStream(response);
  response.write(delta({ content: '{"a' }));
  response.end(event({ error: { code: 502, message: 'upstream' } }));
};

/** A comment now and then, and never an answer. */
export const drips: ModelBehaviour = (response) => {
  openStream(response);
  const timer = setInterval(() => response.write(': wait\n\n'), 10);
  response.on('close', () => clearInterval(timer));
};

/** Goes on for ever. */
export const floods: ModelBehaviour = (response) => {
  openStream(response);
  const chunk = delta({ content: 'x'.repeat(64 * 1024) });
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
};

/** The JSON between the marks of a prompt: what the caller handed over as data. */
export function dataOf(call: ModelCall): unknown {
  const content = call.body.messages[1]?.content ?? '';
  return JSON.parse(/<(DATA-[0-9a-f]+)>\n([\s\S]*)\n<\/\1>$/u.exec(content)?.[2] ?? 'null');
}
