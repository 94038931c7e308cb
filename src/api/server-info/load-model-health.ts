/** How the last call of a language model went, as the workers that live tell it. */
import { z } from 'zod';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';

const Health = z.object({
  ok: z.boolean(),
  reason: z.string().nullable(),
  model: z.string(),
  at: z.coerce.date(),
});
export type ModelHealth = z.output<typeof Health>;

/** Null until one of them has asked a model. */
export async function loadModelHealth(em: Em): Promise<ModelHealth | null> {
  const [row] = await runSql<{ model_health: unknown }>(
    em,
    `select model_health from workers where model_health is not null order by model_health ->> 'at' desc limit 1`,
    [],
  );
  return Health.safeParse(row?.model_health).data ?? null;
}
