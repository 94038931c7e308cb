/** Every entity the product stores: the composition roots and the tests hand this one list to `openDatabase`. */
import type { EntitySchema } from '@mikro-orm/postgresql';
import { InputRequestEntity } from './runs/input-request.entity.js';
import { RunEntity } from './runs/run.entity.js';
import { RunStageEntity } from './runs/run-stage.entity.js';

export const ENTITIES: EntitySchema[] = [RunEntity, RunStageEntity, InputRequestEntity] as unknown as EntitySchema[];
