/**
 * The one LISTEN connection of a process. It reconnects by itself, and after each (re)connect tells its owner to look at
 * everything again, because what was sent in between is gone. NOTIFY is a hint; the table is the truth.
 */
import pg from 'pg';

const RECONNECT_MS = 250; // 0.25 seconds
const PROBE_MS = 5_000; // 5 seconds: finds a connection that died without a word

export interface ListenerOptions {
  url: string; // of role pw_app
  channel: string;
  onIds: (ids: string[]) => void;
  /** After every (re)connect. */
  onReconnect: () => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: 'paperwright-listen',
      keepAlive: true,
    });
    client.on('error', () => undefined); // 'end' follows, and that reconnects
    let connected = false;
    client.on('end', () => connected && this.#reconnect());
    client.on('notification', (message) => this.#options.onIds((message.payload ?? '').split(',')));
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(this.#options.channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    connected = true;
    if (this.#closed) return void client.end();
    this.#client = client;
    this.#timer = setInterval(
      () => void client.query('select 1').catch(() => void client.end().catch(() => undefined)),
      PROBE_MS,
    );
    this.#timer.unref();
    this.#options.onReconnect();
  }

  #reconnect(): void {
    clearInterval(this.#timer);
    if (this.#closed) return;
    this.#client = undefined;
    const again = () => {
      if (!this.#closed) this.start().catch(() => setTimeout(again, RECONNECT_MS).unref());
    };
    setTimeout(again, RECONNECT_MS).unref();
  }

  /** The server's process id of the connection, for the test that kills it. */
  get backendPid(): number | undefined {
    return (this.#client as unknown as { processID?: number } | undefined)?.processID;
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }
}
