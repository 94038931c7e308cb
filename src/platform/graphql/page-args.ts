/** The arguments of every list that can grow, and what they ask for. Fails with BAD_INPUT that says what to send instead. */
import 'reflect-metadata';
import { ArgsType, Field, Int } from 'type-graphql';
import { badInput } from '../errors.js';
import { decodeCursor } from './cursor.js';

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `From the start: 1 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} if absent.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: `From the end: 1 to ${MAX_PAGE_SIZE}.` })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

export interface PageRequest {
  size: number;
  /** True when counted from the end of the list (`last`). The page is in the list's order all the same. */
  fromEnd: boolean;
  after: string | undefined; // uuid
  before: string | undefined; // uuid
}

export function parsePageArgs({ first, after, last, before }: PageArgs): PageRequest {
  if (first != null && last != null) {
    throw badInput('`first` and `last` were both given. Send `first` (from the start) or `last` (from the end).');
  }
  return {
    size: pageSize(last != null ? 'last' : 'first', last ?? first ?? DEFAULT_PAGE_SIZE),
    fromEnd: last != null,
    after: after == null ? undefined : decodeCursor(after, 'after'),
    before: before == null ? undefined : decodeCursor(before, 'before'),
  };
}

function pageSize(argument: string, size: number): number {
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw badInput(`\`${argument}\` is ${size}. Ask for 1 to ${MAX_PAGE_SIZE} and follow \`pageInfo\` for the rest.`, {
      argument,
      min: 1,
      max: MAX_PAGE_SIZE,
    });
  }
  return size;
}
