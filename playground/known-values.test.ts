import { describe, expect, it } from 'vitest';
import { explainMissing, fillVariables, isSignedOutAnswer, learnSession, learnValues } from './known-values.js';

const fresh = () => 'abc123';

describe('learning from answers', () => {
  it('names the ids that later tabs use', () => {
    const answer = { data: { createProject: { id: 'project_1' }, startResearch: { id: 'run_2' } } };
    expect(learnValues(answer)).toEqual({ projectId: 'project_1', researchRunId: 'run_2' });
  });

  it('keeps the ingestion run and the research run apart', () => {
    expect(learnValues({ data: { ingestPaper: { id: 'run_1' } } })).toEqual({ ingestionRunId: 'run_1' });
  });

  it('learns nothing from errors, nulls and lists', () => {
    for (const answer of [undefined, null, [], { errors: [] }, { data: null }, { data: { createProject: null } }]) {
      expect(learnValues(answer)).toEqual({});
      expect(learnSession(answer)).toBeUndefined();
    }
  });

  it('opens a session from any field that answers with an access token', () => {
    const signedIn = { accessToken: 'token', viewer: { user: { email: 'a@example.org' } } };
    expect(learnSession({ data: { signIn: signedIn } })).toEqual({ accessToken: 'token', email: 'a@example.org' });
    expect(learnSession({ data: { register: { accessToken: 'token' } } })).toEqual({
      accessToken: 'token',
      email: undefined,
    });
  });

  it('recognises the answer that says the session is over, and no other error', () => {
    expect(isSignedOutAnswer({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })).toBe(true);
    expect(isSignedOutAnswer({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })).toBe(false);
    expect(isSignedOutAnswer({ data: {} })).toBe(false);
  });
});

describe('filling variables', () => {
  it('replaces names at any depth and leaves everything else as it is', () => {
    const variables = { input: { projectId: '{{projectId}}', tags: ['{{ projectId }}', 'x'], n: 1, none: null } };
    expect(fillVariables(variables, { projectId: 'project_1' }, fresh)).toEqual({
      filled: { input: { projectId: 'project_1', tags: ['project_1', 'x'], n: 1, none: null } },
      missing: [],
    });
  });

  it('makes a new address for each run', () => {
    expect(fillVariables({ email: '{{freshEmail}}' }, {}, fresh).filled).toEqual({
      email: 'reader-abc123@example.org',
    });
  });

  it('says which tab teaches a missing name', () => {
    const { missing } = fillVariables({ a: '{{projectId}}', b: '{{nonsense}}' }, {}, fresh);
    expect(missing).toEqual(['projectId', 'nonsense']);
    expect(explainMissing(missing)).toMatch(/CreateProject.*\{\{nonsense\}\}/);
  });
});
