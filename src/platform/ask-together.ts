/**
 * Makes one question of many: what is asked for in one turn of the event loop is answered by one call of `answer`, in the
 * order asked. Nothing is kept. A call that fails fails for all who shared it; each asks again by itself.
 */
import DataLoader from 'dataloader';

export function askTogether<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<Answer[]>,
  mostAtOnce: number,
): (question: Question) => Promise<Answer> {
  const loader = new DataLoader<Question, Answer>(answer, {
    cache: false,
    maxBatchSize: mostAtOnce,
    batchScheduleFn: (ask) => setImmediate(ask), // many sockets' messages come in one turn, each with microtasks of its own
  });
  return (question) => loader.load(question);
}
