import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { buildSchema, execute, parse, subscribe, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { registerPlayground } from '../../src/api/playground.js';

const SDL = `
interface Node { id: ID! }
scalar DateTime
scalar URL
enum RunStatus { QUEUED RUNNING SUCCEEDED }
type User { email: String! displayName: String! }
type Tenant { name: String! }
type Viewer { user: User! tenant: Tenant! roles: [String!]! }
type SignedIn { accessToken: String! viewer: Viewer! }
type MfaRequired { challenge: String! }
union SignInResult = SignedIn | MfaRequired
input RegisterInput { email: String! password: String! displayName: String! tenantName: String! }
input CreateProjectInput { name: String! }
input IngestPaperInput { projectId: ID! title: String text: String }
input StartResearchInput { projectId: ID! question: String! }
type Project { id: ID! name: String! visibility: String! }
type RunStage { name: String! status: String! }
type TrustComponent { name: String! score: Float! weight: Float! basis: String! }
type TrustScore { overall: Float! components: [TrustComponent!]! }
type Artifact { name: String! kind: String! version: Int! mediaType: String! bytes: Float! sha256: String! downloadUrl: URL! }
type ArtifactEdge { node: Artifact! }
type ArtifactConnection { edges: [ArtifactEdge!]! }
interface Run { id: ID! status: RunStatus! currentStage: String stages: [RunStage!]! trust: TrustScore artifacts(first: Int): ArtifactConnection! }
type IngestionRun implements Run { id: ID! status: RunStatus! currentStage: String stages: [RunStage!]! trust: TrustScore artifacts(first: Int): ArtifactConnection! }
type Source { title: String! }
type Snippet { source: Source! }
type Receipt { quote: String! stance: String! startOffset: Int! endOffset: Int! snapshotSha256: String! snippet: Snippet! }
type Claim { verdict: String! confidence: Float! receipts: [Receipt!]! }
type Sentence { text: String! claim: Claim }
type Section { heading: String! sentences: [Sentence!]! }
type Report { title: String! wordCount: Int! sections: [Section!]! }
type ResearchRun implements Run { id: ID! status: RunStatus! currentStage: String stages: [RunStage!]! trust: TrustScore artifacts(first: Int): ArtifactConnection! report: Report }
type RunEvent { seq: Int! at: DateTime! level: String! stage: String type: String! message: String! }
type RunEventBatch { events: [RunEvent!]! cursor: Int! caughtUp: Boolean! }
type Query { run(id: ID!): Run }
type Mutation { register(input: RegisterInput!): SignInResult! signOut: Boolean! createProject(input: CreateProjectInput!): Project! ingestPaper(input: IngestPaperInput!): IngestionRun! startResearch(input: StartResearchInput!): ResearchRun! }
type Subscription { runEvents(runId: ID!, after: Int = 0): RunEventBatch! }
`;

export async function startStub() {
  const schema = buildSchema(SDL);
  const app = fastify();
  await registerPlayground(app);
  app.get('/schema.graphql', (_r, reply) => reply.type('text/plain').send(SDL));
  const need = (ctx: { auth?: string }) => {
    if (!ctx.auth?.startsWith('Bearer ')) throw new Error('who?');
    return undefined;
  };
  const run = (id: string, type: string) => ({
    __typename: type,
    id,
    status: 'SUCCEEDED',
    currentStage: 'fetch',
    stages: [{ name: 'fetch', status: 'QUEUED' }],
    trust: { overall: 0.9, components: [{ name: 'receipts', score: 1, weight: 1, basis: '3 of 3' }] },
    artifacts: {
      edges: [
        {
          node: {
            name: 'report.md',
            kind: 'REPORT',
            version: 1,
            mediaType: 'text/markdown',
            bytes: 3,
            sha256: 'a',
            downloadUrl: 'x',
          },
        },
      ],
    },
    report: { title: 'T', wordCount: 3, sections: [{ heading: 'H', sentences: [{ text: 'S', claim: null }] }] },
  });
  const root = {
    register: ({ input }: { input: { email: string; displayName: string; tenantName: string } }) => ({
      __typename: 'SignedIn',
      accessToken: 'tok',
      viewer: {
        user: { email: input.email, displayName: input.displayName },
        tenant: { name: input.tenantName },
        roles: ['OWNER'],
      },
    }),
    signOut: () => true,
    createProject: ({ input }: { input: { name: string } }, c: object) => {
      need(c);
      return { id: 'project_01jxaaaaaaaaaaaaaaaaaaaaaa', name: input.name, visibility: 'TENANT' };
    },
    ingestPaper: (_a: unknown, c: object) => need(c) ?? run('run_01jxbbbbbbbbbbbbbbbbbbbbbb', 'IngestionRun'),
    startResearch: (_a: unknown, c: object) => need(c) ?? run('run_01jxcccccccccccccccccccccc', 'ResearchRun'),
    run: ({ id }: { id: string }, c: object) => need(c) ?? run(id, 'ResearchRun'),
    runEvents: async function* ({ runId }: { runId: string }, c: object) {
      need(c);
      for (let i = 0; i < 5; i++) {
        await new Promise((r) => setTimeout(r, 100));
        yield {
          runEvents: {
            events: [
              {
                seq: i + 1,
                at: new Date().toISOString(),
                level: 'INFO',
                stage: 'fetch',
                type: 'LOG_LINE',
                message: `${runId} ${i}`,
              },
            ],
            cursor: i + 1,
            caughtUp: i > 0,
          },
        };
      }
    },
  };
  app.post('/graphql', async (request) => {
    const { query, variables, operationName } = request.body as {
      query: string;
      variables: Record<string, unknown>;
      operationName: string;
    };
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length) return { errors };
    return execute({
      schema,
      document,
      rootValue: root,
      contextValue: { auth: request.headers.authorization },
      variableValues: variables,
      operationName,
    });
  });
  await app.listen({ host: '127.0.0.1', port: Number(process.env.STUB_PORT ?? 0) });
  const ws = new WebSocketServer({ server: app.server, path: '/graphql' });
  useServer(
    {
      schema,
      execute,
      subscribe,
      roots: { subscription: root },
      context: (c) => ({ auth: c.connectionParams?.authorization as string }),
    },
    ws,
  );
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: () => {
      ws.close();
      return app.close();
    },
  };
}
