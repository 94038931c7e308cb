/** A person and a project of their own, made through the public API. */
import { randomBytes } from 'node:crypto';
import type { Paperwright } from '../sdk/client.js';
import { createNodePaperwright } from '../sdk/node.js';
import { renewingToken } from '../sdk/renewing-token.js';
import { signedIn } from '../sdk/signed-in.js';

export interface Account {
  paperwright: Paperwright;
  email: string;
  password: string;
  project: { id: string; name: string };
}

const MAX_NAME_CHARS = 80;

/** Each demo has an account of its own, so that one never finds the papers of another. */
export async function openAccount(url: string, question: string): Promise<Account> {
  const email = `demo-${randomBytes(3).toString('hex')}@example.org`;
  const password = `reader-${randomBytes(6).toString('hex')}`;
  const stranger = createNodePaperwright({ url });
  const { register } = await stranger.register({
    input: { email, password, displayName: 'Demo reader', tenantName: 'Demo laboratory' },
  });
  stranger.close();
  const paperwright = createNodePaperwright({ url, token: renewingToken({ url, session: signedIn(register) }) });
  const name = [...question].slice(0, MAX_NAME_CHARS).join('');
  const { createProject: project } = await paperwright.createProject({ input: { name } });
  return { paperwright, email, password, project };
}
