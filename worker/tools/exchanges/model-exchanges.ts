/**
 * The language model, with a record. One exchange is one call of `complete` with all its tries: the text, the thoughts and
 * what it took, or the failure it ended with. Neither the endpoint's address nor its key is part of a request.
 *
 * In a replay the model is whoever the record says it was, and there is one only in the stages where one was asked: which
 * models this worker has does not matter, nothing is charged, and no budget is looked at.
 */
import type { RunExchange } from '../../../src/runs/run-exchange.js';
import type { LanguageModel, ModelRequest, ModelUsage } from '../model/language-model.js';
import type { ExchangeRequest, Exchanges } from './exchanges.js';

interface Said {
  text: string;
  thoughts: string;
}

export const recordedModel = (model: LanguageModel, exchanges: Exchanges): LanguageModel => ({
  nameFor: (role) => model.nameFor(role),
  isPriced: model.isPriced,
  async complete(request) {
    const { ledger, onText } = request;
    let said: Said = { text: '', thoughts: '' };
    await exchanges.ask(requestOf(model.nameFor(request.role), request), async () => {
      const usage: ModelUsage[] = [];
      let thoughts = '';
      const text = await model.complete({
        ...request,
        ledger: {
          reserve: (most) => ledger.reserve(most),
          charge(taken) {
            usage.push(taken);
            return ledger.charge(taken);
          },
        },
        onText(piece, kind) {
          if (kind === 'REASONING') thoughts += piece;
          onText?.(piece, kind);
        },
      });
      said = { text, thoughts };
      return { status: null, about: { usage }, body: Buffer.from(JSON.stringify(said)) };
    });
    return said.text;
  },
});

/** Null when no model was asked in the stage that the record is of. */
export function replayedModel(record: readonly RunExchange[], exchanges: Exchanges): LanguageModel | null {
  const names = new Map(
    record
      .filter(({ kind, request }) => kind === 'MODEL' && 'role' in request)
      .map(({ request }) => [request.role, String(request.model)]),
  );
  if (names.size === 0) return null;
  const nameFor = (role: ModelRequest['role']) => names.get(role) ?? 'none';
  return {
    nameFor,
    isPriced: true, // at nothing
    async complete(request) {
      const answer = await exchanges.ask(requestOf(nameFor(request.role), request), neverAsked);
      const { text, thoughts } = JSON.parse(Buffer.from(answer.body).toString('utf8')) as Said;
      if (thoughts !== '') request.onText?.(thoughts, 'REASONING');
      request.onText?.(text, 'ANSWER');
      return text;
    },
  };
}

const neverAsked = () => Promise.reject(new TypeError('A replay has no model to ask.'));

const requestOf = (model: string, request: ModelRequest): ExchangeRequest => {
  const { role, messages, maxOutputTokens, format } = request;
  return {
    kind: 'MODEL',
    asked: { model, role, messages: messages.map(({ role, content }) => [role, content]), maxOutputTokens, format },
    summary: { role, model },
  };
};
