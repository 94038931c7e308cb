/** The value of GraphQL's SignInResult; whoever got in reads the rest of the answer as themselves. */
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { enterSession } from '../sessions/enter-session.js';
import type { SignInOutcome } from './enter-tenant.js';

export const answerSignIn = (ctx: ApiContext, outcome: SignInOutcome) =>
  'accessToken' in outcome ? enterSession(ctx, outcome) : outcome;
