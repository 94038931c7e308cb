/**
 * An invitation that nobody has accepted yet, beside its membership. The API's database role may not read the token's hash;
 * it is mapped, lazily, only because the ORM then names the columns it selects instead of asking for `*`.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const InvitationEntity = defineEntity({
  name: 'Invitation',
  tableName: 'invitations',
  properties: {
    id: p.uuid().primary().fieldName('membership_id'),
    tenantId: p.uuid(),
    email: p.text(),
    invitedBy: p.uuid(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    tokenHash: p.blob().lazy(),
  },
});

export type Invitation = InferEntity<typeof InvitationEntity>;
