/** The entity manager of the product's one driver. */
import type { PostgreSqlDriver, SqlEntityManager } from '@mikro-orm/postgresql';

export type Em = SqlEntityManager<PostgreSqlDriver>;
