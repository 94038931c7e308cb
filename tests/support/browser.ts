/**
 * A real Chromium for tests that need one, cut off from every host but the one under test: names do not resolve, so a
 * page that quietly needs a CDN fails here as it would on a machine without network.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM_PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM_PATH);
/** Appended to the name of a skipped test. */
export const HOW_TO_GET_CHROMIUM = hasChromium ? '' : ' [skipped: apt-get install -y chromium brings it]';

export interface WatchedPage {
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** Every URL the page asked for, WebSockets included. */
  requests: string[];
  /** Console errors, uncaught exceptions and refusals by the content security policy. */
  complaints: string[];
  close(): Promise<void>;
}

/** Opens an empty page in a new profile; nothing but 127.0.0.1 can be reached from it. */
export async function openWatchedPage(): Promise<WatchedPage> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { browser, context, page, requests, complaints, close: () => browser.close() };
}
