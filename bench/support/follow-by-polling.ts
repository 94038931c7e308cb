/** What a client without a live connection does: it asks every half second for what is new, over a kept-alive connection. */
import { Agent, get } from 'node:http';
import type { Follow } from './follow.js';

const INTERVAL_MS = 500; // 0.5 seconds from one question to the next

interface Page {
  events: { seq: number }[];
  cursor: number;
}

export function followByPolling({ url, token, runId, onReady, onEvent }: Follow): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let cursor = 0;
  let ready = false;
  const ask = () => {
    void getJson(`${url}/runs/${runId}/events?after_id=${cursor}`, token, agent).then((page) => {
      for (const { seq } of page.events) onEvent(seq);
      cursor = page.cursor;
      if (!ready) onReady();
      ready = true;
    });
  };
  // not all at once: pollers know nothing of each other
  setTimeout(() => {
    ask();
    setInterval(ask, INTERVAL_MS);
  }, Math.random() * INTERVAL_MS);
}

function getJson(url: string, token: string, agent: Agent): Promise<Page> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    get(url, { agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as Page);
        else reject(new Error(`The poller was answered ${response.statusCode}: ${text}`));
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}
