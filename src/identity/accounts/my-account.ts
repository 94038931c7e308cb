/** What the signed-in person may know of their account, and the tenants they may enter. One statement an operation each. */

import type { Role } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import type { LoaderRegistry } from '../../platform/graphql/loader-registry.js';
import { decodeId, encodeId } from '../../platform/ids.js';
import { type OpenedSession, openSession } from '../sessions/session.js';
import { requireSession } from './require-session.js';

export interface MyAccount {
  has_password: boolean;
  google_linked: boolean;
  mfa_enabled: boolean;
  recovery_codes_left: number;
}

/** Throws NOT_FOUND for an actor whose account is gone. */
export async function loadMyAccount(ctx: { em: Em; loaders: LoaderRegistry }): Promise<MyAccount> {
  const account = await ctx.loaders
    .get<MyAccount | undefined>('my account', async (keys) => {
      const [row] = await runSql<MyAccount>(ctx.em, 'select * from my_account()');
      return keys.map(() => row);
    })
    .load('mine');
  if (!account) throw notFound('User');
  return account;
}

export interface ViewerTenant {
  id: string; // public
  name: string;
  roles: Role[];
}

/** Oldest membership first. */
export async function listMyTenants(ctx: { em: Em }): Promise<ViewerTenant[]> {
  const rows = await runSql<{ tenant_id: string; name: string; roles: Role[] }>(ctx.em, 'select * from my_tenants()');
  return rows.map(({ tenant_id, ...row }) => ({ id: encodeId('ten', tenant_id), ...row }));
}

/** A session of the same person in another tenant of theirs. Errors: NOT_FOUND; FORBIDDEN (an API key). */
export async function switchTenant(ctx: ActorContext, publicId: string): Promise<OpenedSession> {
  await requireSession(ctx);
  const tenantId = decodeId('ten', publicId);
  const tenants = await listMyTenants(ctx);
  if (!tenants.some(({ id }) => id === encodeId('ten', tenantId))) throw notFound('Tenant');
  return openSession(ctx, { tenantId, userId: ctx.actor.userId }, 'ANOTHER_TENANT');
}
