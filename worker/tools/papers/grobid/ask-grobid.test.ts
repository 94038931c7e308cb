import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { PaperEngine } from '../paper-engine.js';
import { ARTICLE, ENTITY_BOMB, paperPdf } from './grobid-answers.fixture.js';
import { createGrobidEngine, type GrobidEngineOptions } from './grobid-engine.js';
import { answering, baseWith, type Handler, inputOf, serve } from './grobid-server.fixture.js';

describe('the request to GROBID', () => {
  it('is the documented form, with the file under a name that tells nothing', async () => {
    let seen: { path: string | undefined; accept: string | undefined; form: FormData } | undefined;
    const { url } = await serve(async (request, response) => {
      const chunks = await request.toArray();
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const form = await new Response(Buffer.concat(chunks), { headers }).formData();
      seen = { path: request.url, accept: request.headers.accept, form };
      response.writeHead(200).end(ARTICLE);
    });
    await createGrobidEngine({ url: `${url}/`, base: baseWith() }).read(
      inputOf(paperPdf(), { fileName: 'secret.pdf' }),
    );
    const file = seen?.form.get('input') as File;
    expect(seen).toMatchObject({ path: '/api/processFulltextDocument', accept: 'application/xml' });
    expect(Buffer.from(await file.arrayBuffer()).equals(paperPdf())).toBe(true);
    expect([file.name, file.type]).toEqual(['paper.pdf', 'application/pdf']);
    const values = Object.fromEntries([...(seen?.form.keys() ?? [])].map((key) => [key, seen?.form.getAll(key)]));
    expect(values).toMatchObject({
      consolidateHeader: ['0'],
      consolidateCitations: ['0'],
      includeRawCitations: ['1'],
      includeRawAffiliations: ['1'],
      segmentSentences: ['0'],
      teiCoordinates: ['ref', 'biblStruct', 'persName', 'figure', 'formula', 'head', 's', 'p', 'title'],
    });
  });

  it('is not made for a document that is no PDF', async () => {
    const { url } = await serve(() => expect.unreachable());
    const engine = createGrobidEngine({ url, base: baseWith({ title: 'Read here' }) });
    const { paper } = await engine.read(inputOf(Buffer.from('# Notes\n\nWords.'), { fileName: 'notes.md' }));
    expect(paper).toMatchObject({ engine: 'other@1', title: 'Read here' });
  });

  it('ends when the file turns out to be unreadable here', async () => {
    let arrive: (request: IncomingMessage) => void = () => undefined;
    const arrived = new Promise<IncomingMessage>((resolve) => {
      arrive = resolve;
    });
    const { url } = await serve((request) => arrive(request.resume()));
    const unreadable = new Error('unreadable');
    const base: PaperEngine = {
      name: 'builtin',
      read: async () => {
        await arrived;
        throw unreadable;
      },
    };
    await expect(createGrobidEngine({ url, base }).read(inputOf(paperPdf()))).rejects.toBe(unreadable);
    const { socket } = await arrived;
    if (!socket.destroyed) await once(socket, 'close');
  });
});

describe('a GROBID server that fails', () => {
  const failureOf = async (handler: Handler | string, options: Partial<GrobidEngineOptions> = {}) => {
    const url = typeof handler === 'string' ? handler : (await serve(handler)).url;
    const engine = createGrobidEngine({ url, base: baseWith(), ...options });
    return engine.read(inputOf(paperPdf())).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
  };

  const AWAY = { code: 'UNAVAILABLE', retryable: true, hint: expect.stringContaining('GROBID_URL') };
  const WRONG_ADDRESS = { code: 'UNAVAILABLE', retryable: false, hint: expect.stringContaining('GROBID_URL') };
  const UNREADABLE = { code: 'UNREADABLE_DOCUMENT', retryable: false, hint: expect.stringContaining('builtin engine') };

  it('by not being there may be tried again', async () => {
    const { url, close } = await serve(() => undefined);
    close();
    expect(await failureOf(url)).toMatchObject(AWAY);
  });

  it.each([
    ['seconds', '7', 7_000],
    ['nothing', undefined, 5_000],
    ['no number', 'soon', 5_000],
    ['a moment long past', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['a year', '31536000', 3_600_000],
  ])('by being busy may be tried again when it says, or as documented: %s', async (_, header, retryAfterMs) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'Retry-After': header };
    const failure = await failureOf(answering(503, 'No GROBID engine available', headers));
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', retryable: true, details: { retryAfterMs } });
  });

  it.each([
    [204, '', /no content/],
    [400, 'missing input', /refused/],
    [413, '', /refused/],
    [500, '[NO_BLOCKS] PDF parsing resulted in empty content', /no text/],
    [500, '[TOO_MANY_TOKENS] too many', /too long/],
    [500, '[TIMEOUT] PDF to XML conversion timed out', /took too long/],
    [500, '[BAD_INPUT_DATA] PDF to XML conversion failed on pdf file /opt/grobid/tmp/a.pdf', /cannot read/],
  ])('by refusing the file (%i %s) makes it unreadable for good', async (status, body, message) => {
    const failure = await failureOf(answering(status, body));
    expect(failure).toMatchObject({
      code: 'UNREADABLE_DOCUMENT',
      retryable: false,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
    expect(JSON.stringify(failure)).not.toContain('/opt/grobid');
  });

  it.each([
    [500, '[TAGGING_ERROR] model mismatch'],
    [500, 'java.lang.NullPointerException'],
    [502, '<html>Bad gateway</html>'],
    [504, ''],
  ])('by itself (%i %s) may be tried again', async (status, body) => {
    expect(await failureOf(answering(status, body))).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it.each([
    ['a page of another server', answering(200, '<!DOCTYPE html><html><body>Welcome</body></html>')],
    ['HTML without a declaration', answering(200, '\n<html><body>Welcome</body></html>')],
    ['JSON', answering(200, '{"ok":true}')],
    ['other XML', answering(200, '<?xml version="1.0"?><rss/>')],
    ['nothing by that name', answering(404, 'Not found')],
    ['a demand for a password', answering(401, '')],
    ['the address of another server', answering(307, '', { Location: 'http://127.0.0.1:1/' })],
    ['entities that unfold to gigabytes', answering(200, ENTITY_BOMB)],
  ])('by being none (%s) calls for another address', async (_, handler) => {
    expect(await failureOf(handler)).toMatchObject(WRONG_ADDRESS);
  });

  it('by an answer that breaks off may be tried again', async () => {
    expect(await failureOf(answering(200, ARTICLE.slice(0, ARTICLE.length / 2)))).toMatchObject(AWAY);
    expect(await failureOf(answering(200, ''))).toMatchObject(AWAY);
    const cut: Handler = (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'Content-Length': String(ARTICLE.length) });
        response.write(ARTICLE.slice(0, 100), () => response.destroy());
      });
    };
    expect(await failureOf(cut)).toMatchObject(AWAY);
  });

  it('by XML that is not well-formed makes the file unreadable', async () => {
    expect(await failureOf(answering(200, ARTICLE.replace('</abstract>', '')))).toMatchObject(UNREADABLE);
  });

  it('by an answer over the cap makes the file unreadable, and is not heard to the end', async () => {
    const endless: Handler = (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200).write('<TEI>');
        const more = () => {
          while (!response.destroyed && response.write('<p/>'.repeat(10_000)));
        };
        response.on('drain', more);
        more();
      });
    };
    expect(await failureOf(endless, { maxAnswerBytes: 1024 * 1024 })).toMatchObject({
      ...UNREADABLE,
      message: expect.stringContaining('1 MiB'),
    });
  });

  it.each([
    ['says nothing', (): undefined => undefined],
    ['drips', (response: ServerResponse) => setInterval(() => response.write(' '), 10)],
  ])('by a server that %s ends with the timeout', async (_, behave) => {
    let timer: NodeJS.Timeout | undefined;
    const failure = await failureOf(
      (request, response) => {
        request.resume().on('end', () => {
          timer = behave(response);
        });
      },
      { timeoutMs: 300 },
    );
    clearInterval(timer);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', retryable: true, message: expect.stringContaining('0.3') });
  });

  it('is left alone when the reading is aborted: the reason is the failure', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const { url } = await serve((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200).write('<TEI>');
        controller.abort(reason);
      });
    });
    const engine = createGrobidEngine({ url, base: baseWith() });
    await expect(engine.read(inputOf(paperPdf(), { signal: controller.signal }))).rejects.toBe(reason);
    await expect(engine.read(inputOf(paperPdf(), { signal: controller.signal }))).rejects.toBe(reason);
  });
});
