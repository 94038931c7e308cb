/** The payload of a stage's job: ids only; what the run needs is read from its rows. */
import { z } from 'zod';

export const StageJobSchema = z.object({
  tenantId: z.uuid(),
  runId: z.uuid(),
  stage: z.string().min(1).max(64),
  fence: z.int().nonnegative(),
});
export type StageJob = z.infer<typeof StageJobSchema>;
