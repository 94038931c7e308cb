/** The client for Node, with the `ws` package as its WebSocket: Node 20 has none of its own. */
import { WebSocket } from 'ws';
import { createPaperwright, type Paperwright, type PaperwrightOptions } from './client.js';

export const createNodePaperwright = (options: Omit<PaperwrightOptions, 'webSocket'>): Paperwright =>
  createPaperwright({ ...options, webSocket: WebSocket });
