/**
 * Who is signed in here and which ids are known: one small store that the bar and the fetcher share. It lives in
 * sessionStorage, so it survives a reload and ends with the browser tab; the token is never written to localStorage.
 */
import type { KnownValues, SignedIn } from './known-values.js';

export interface PlaygroundState {
  signedIn: SignedIn | undefined;
  /** True after the server refused the token; the bar then says what to do. */
  expired: boolean;
  known: KnownValues;
}

const STORAGE_KEY = 'paperwright.playground';
const EMPTY: PlaygroundState = { signedIn: undefined, expired: false, known: {} };

function restore(storage: Storage): PlaygroundState {
  try {
    const stored = storage.getItem(STORAGE_KEY);
    return stored === null ? EMPTY : { ...EMPTY, ...(JSON.parse(stored) as Partial<PlaygroundState>) };
  } catch {
    return EMPTY; // Unreadable or foreign content: begin anew rather than fail to open.
  }
}

export class PlaygroundSession {
  #state: PlaygroundState;
  readonly #storage: Storage;
  readonly #listeners = new Set<() => void>();

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#state = restore(storage);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): PlaygroundState => this.#state;

  signIn(signedIn: SignedIn): void {
    // Ids of the account before are not this account's: they would only answer NOT_FOUND.
    this.#write({ signedIn, expired: false, known: {} });
  }

  /** The same session with its next token. */
  renew(accessToken: string): void {
    const { signedIn } = this.#state;
    if (signedIn) this.#write({ ...this.#state, signedIn: { ...signedIn, accessToken } });
  }

  expire(): void {
    this.#write({ ...this.#state, signedIn: undefined, expired: this.#state.signedIn !== undefined });
  }

  remember(values: KnownValues): void {
    if (Object.keys(values).length > 0) this.#write({ ...this.#state, known: { ...this.#state.known, ...values } });
  }

  clear(): void {
    this.#write(EMPTY);
  }

  #write(state: PlaygroundState): void {
    this.#state = state;
    this.#storage.setItem(STORAGE_KEY, JSON.stringify(state));
    for (const listener of this.#listeners) listener();
  }
}
