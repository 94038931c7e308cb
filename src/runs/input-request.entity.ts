/** What a BLOCKED run waits for. Kept after it was answered, so that the same answer again is a no-op. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export type InputRequestStatus = 'OPEN' | 'ANSWERED' | 'WITHDRAWN';

export const InputRequestEntity = defineEntity({
  name: 'InputRequest',
  tableName: 'input_requests',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    runId: p.uuid(),
    stage: p.string(),
    kind: p.string(), // names the form of the answer, e.g. OUTLINE_APPROVAL
    prompt: p.string(),
    proposal: p.json<unknown>(),
    status: p.string().$type<InputRequestStatus>(),
    answer: p.json<unknown>().nullable(),
    createdAt: p.datetime(),
    answeredAt: p.datetime().nullable(),
  },
});
export type InputRequest = InferEntity<typeof InputRequestEntity>;
