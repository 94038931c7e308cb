/** Root fields that misbehave on purpose, for tests of how the API carries them. Never part of the product's schema. */
import 'reflect-metadata';
import { Arg, Ctx, Int, Query, Resolver, Root, type SubscribeResolverData, Subscription } from 'type-graphql';
import type { SchemaParts } from '../../src/api/graphql/build-schema.js';
import { runSql } from '../../src/platform/database/sql.js';
import type { ApiContext } from '../../src/platform/graphql/api-context.js';

/** What a probe did, for the test to look at. */
export const probe = {
  subscribeCalls: 0,
  openGenerators: 0,
  /** Lets `slow` answer; there while it waits. */
  release: undefined as (() => void) | undefined,
};

@Resolver()
export class ProbeResolver {
  @Query(() => String)
  brokenSql(@Ctx() ctx: ApiContext): Promise<string> {
    return runSql(ctx.em, 'select secret_column from a_table_nobody_has') as never;
  }

  @Query(() => String)
  nothing(): string {
    return null as never;
  }

  /** The process id of the database connection that served it. */
  @Query(() => Int)
  async backend(@Ctx() ctx: ApiContext): Promise<number> {
    const [row] = await runSql<{ pid: number }>(ctx.em, 'select pg_backend_pid() as pid');
    return row?.pid ?? 0;
  }

  @Query(() => String)
  async writes(@Ctx() ctx: ApiContext): Promise<string> {
    await runSql(ctx.em, `update memberships set roles = '{OWNER}'`);
    return 'written';
  }

  @Query(() => String)
  slow(): Promise<string> {
    return new Promise((resolve) => {
      probe.release = () => resolve('finished');
    });
  }

  @Subscription(() => Int, {
    subscribe: ({ args }: SubscribeResolverData<unknown, { to: number }, ApiContext>) => {
      probe.subscribeCalls += 1;
      return count(args.to);
    },
  })
  count(@Root() value: number, @Arg('to', () => Int) _to: number): number {
    if (value === 13) throw new Error('a secret of the resolver');
    return value;
  }
}

/** Counts up to `to`, then waits until it is left when `to` is negative. */
async function* count(to: number): AsyncGenerator<number> {
  probe.openGenerators += 1;
  try {
    for (let value = 1; to < 0 || value <= to; value++) {
      if (to < 0 && value > 1) await new Promise((resolve) => setTimeout(resolve, 20));
      yield value;
    }
  } finally {
    probe.openGenerators -= 1;
  }
}

export const withProbes = (parts: SchemaParts): SchemaParts => ({
  ...parts,
  resolvers: [...parts.resolvers, ProbeResolver],
  permissions: {
    Query: {
      ...parts.permissions.Query,
      brokenSql: 'ANYONE',
      nothing: 'ANYONE',
      backend: 'ANYONE',
      writes: 'VIEWER',
      slow: 'ANYONE',
    },
    Mutation: parts.permissions.Mutation,
    Subscription: { ...parts.permissions.Subscription, count: 'RESEARCHER' },
  },
});
