import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { AppError, ERROR_CODES } from '../platform/errors.js';
import { factsOf, formatError, formatGraphQLError, toAppError } from './error-format.js';

const lines: { level: number; code?: string; errorId?: string }[] = [];
const log = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) });

test.each(ERROR_CODES)('%s has a status and a log level of its own', (code) => {
  expect(factsOf(code).httpStatus).toBeGreaterThanOrEqual(400);
  const { extensions } = formatError(log, new AppError(code, 'It went wrong.', { hint: 'Do it differently.' }));
  expect(extensions).toMatchObject({ code, hint: 'Do it differently.' });
  const atErrorLevel = lines.at(-1)?.level === 50;
  expect(extensions.errorId !== undefined).toBe(atErrorLevel);
});

test('an AppError keeps its message, details and path through any number of wrappings', () => {
  const inner = new AppError('QUOTA_EXCEEDED', 'Too big.', { details: { maxBytes: 5 }, retryable: false });
  const wrapped = new GraphQLError('outer', {
    path: ['a', 0],
    originalError: new GraphQLError('middle', { originalError: inner }),
  });
  expect(formatGraphQLError(log, wrapped)).toEqual({
    message: 'Too big.',
    path: ['a', 0],
    extensions: { code: 'QUOTA_EXCEEDED', retryable: false, details: { maxBytes: 5 } },
  });
});

test.each([
  ['a restarting server', Object.assign(new Error('terminating connection'), { code: '57P01' })],
  ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ['a lock held too long', Object.assign(new Error('canceling statement'), { code: '55P03' })],
])('%s is UNAVAILABLE and worth another try', (_what, cause) => {
  expect(toAppError(new GraphQLError('x', { originalError: cause }))).toMatchObject({
    code: 'UNAVAILABLE',
    retryable: true,
  });
});

test.each([
  ['a thrown string', 'select 1'],
  ['undefined', undefined],
  ['an error of the driver', Object.assign(new Error('column "x" does not exist'), { code: '42703' })],
  [
    'one that failed to make a context',
    new GraphQLError('Context creation failed: SQL', { originalError: new Error('SQL') }),
  ],
  ['an error of execution without a cause', new GraphQLError('Cannot return null for X.y', { path: ['y'] })],
])('%s is masked', (_what, thrown) => {
  const formatted = formatGraphQLError(log, thrown);
  expect(formatted.message).toBe('Something went wrong on our side.');
  expect(formatted.extensions?.code).toBe('INTERNAL');
});
