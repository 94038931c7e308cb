/**
 * The walk of a newcomer, one tab a step, each run by pressing play: from an account to a report whose every sentence
 * can be checked. `{{name}}` in the variables is filled from the answers of the tabs before (see known-values.ts).
 * The browser test runs all of them, in this order, against the real API and worker.
 */
export interface StarterTab {
  query: string;
  variables: string;
}

const json = (value: unknown) => JSON.stringify(value, null, 2);

export const STARTER_TABS: readonly StarterTab[] = [
  {
    query: `# 1 · An account. Press the play button, or Ctrl+Enter.
#
# {{freshEmail}} becomes a new address each time. For an
# account to keep, write your own address and password.
#
# All tabs use the access token of the answer: see the
# bar on top. To use an API key instead, open "Headers":
# { "authorization": "Bearer pw_…" }

mutation Register($input: RegisterInput!) {
  register(input: $input) {
    ... on SignedIn {
      accessToken
      viewer {
        user {
          email
          displayName
        }
        tenant {
          name
        }
        roles
      }
    }
  }
}
`,
    variables: json({
      input: {
        email: '{{freshEmail}}',
        password: 'a long sentence makes a good password',
        displayName: 'A curious reader',
        tenantName: 'Reading group',
      },
    }),
  },
  {
    query: `# 2 · A project holds papers, runs and what they made.
#
# Its id fills {{projectId}} in the next tabs.

mutation CreateProject($input: CreateProjectInput!) {
  createProject(input: $input) {
    id
    name
    visibility
  }
}
`,
    variables: json({ input: { name: 'How search engines rank' } }),
  },
  {
    query: `# 3 · A paper, here simply as text. (Files are uploaded
# by prepareUpload: see the README.)
#
# The answer comes at once and is a run: reading a paper
# is work for the worker.

mutation AddPaper($projectId: ID!) {
  ingestPaper(
    input: {
      projectId: $projectId
      title: "How BM25 ranks documents"
      year: 2026
      text: """
      # How BM25 ranks documents

      ## The idea

      BM25 is a ranking function that search engines use to order documents by their relevance to a query.
      It scores each document by summing one weight for every query term that the document contains.
      The weight of a term grows with its inverse document frequency, so that rare terms count for more than common ones.
      BM25 belongs to the family of probabilistic retrieval models and needs no training data.

      ## Term frequency saturates

      The first occurrences of a term raise the score of a document far more than later occurrences do.
      This saturation is controlled by the parameter k1, and a larger k1 lets repeated terms count for longer.
      Saturation protects the ranking from documents that repeat one query term many times.

      ## Document length is normalised

      Long documents contain more terms by chance, so BM25 divides the term frequency by a length factor.
      The parameter b sets how strongly document length is normalised, from no normalisation at zero to full at one.
      Without length normalisation, long documents would be ranked above short documents that answer the query better.

      ## Limits

      The main limit of BM25 is that it matches words and not meanings, so a relevant document in other words is missed.
      A second limit is that BM25 ignores the order of the words and the distance between them.
      Query expansion and dense retrieval are common remedies for this vocabulary mismatch.
      A dense retriever compares embeddings and can find passages that share no word with the query.
      Many systems therefore retrieve candidates with BM25 and rank them again with a slower neural model.
      """
    }
  ) {
    id
    status
    stages {
      name
      status
    }
  }
}
`,
    variables: json({ projectId: '{{projectId}}' }),
  },
  {
    query: `# 4 · Watch the paper being read, live over a WebSocket.
#
# "after": 0 replays the timeline from its first event,
# then goes on live: nothing is lost, nothing doubled. It
# ends by itself with the run. Newest events are on top.

subscription WatchIngestion($runId: ID!, $after: Int!) {
  runEvents(runId: $runId, after: $after) {
    caughtUp
    cursor
    events {
      seq
      stage
      type
      message
    }
  }
}
`,
    variables: json({ runId: '{{ingestionRunId}}', after: 0 }),
  },
  {
    query: `# 5 · What was read from the paper.
#
# Each piece says where it stands: bytes of the snapshot,
# and for a PDF the page and a box on it. "confidence" says
# how sure a field is and why; "uncertainties" what could
# not be read. The claims are the paper's own: a receipt
# proves that it says so, not that it is right.

query ReadPaper($runId: ID!) {
  run(id: $runId) {
    ... on IngestionRun {
      paper {
        title
        year
        authors {
          name
        }
        sections {
          heading
          level
          role
          page
        }
        references {
          title
          year
        }
        claims(first: 5) {
          nodes {
            text
            score
            receipts {
              startOffset
              endOffset
              page
            }
          }
        }
        confidence {
          field
          score
          basis
        }
        uncertainties {
          code
          message
        }
      }
    }
  }
}
`,
    variables: json({ runId: '{{ingestionRunId}}' }),
  },
  {
    query: `# 6 · A question over the papers of the project.
#
# The answer lists the stages the run will go through;
# the next tab shows them at work.

mutation StartResearch($input: StartResearchInput!) {
  startResearch(input: $input) {
    id
    status
    currentStage
    stages {
      name
      status
    }
  }
}
`,
    variables: json({
      input: {
        projectId: '{{projectId}}',
        question: 'How does BM25 rank documents, and what are its limits?',
      },
    }),
  },
  {
    query: `# 7 · Watch the question being answered: sources found,
# sentences drafted, each one checked. Newest on top.

subscription WatchResearch($runId: ID!, $after: Int!) {
  runEvents(runId: $runId, after: $after) {
    caughtUp
    cursor
    events {
      seq
      stage
      type
      message
    }
  }
}
`,
    variables: json({ runId: '{{researchRunId}}', after: 0 }),
  },
  {
    query: `# 8 · The report, and why it may be believed.
#
# A sentence is a claim with receipts, or prose of the
# report's own. A receipt is a quote that stands word for
# word in an immutable snapshot of the source: at these
# byte offsets of the text with this sha256. The trust
# score names the counted facts it rests on.

query ReadReport($runId: ID!) {
  run(id: $runId) {
    status
    trust {
      overall
      components {
        name
        score
        weight
        basis
      }
      flags {
        code
        message
      }
    }
    ... on ResearchRun {
      report {
        title
        wordCount
        sections {
          heading
          sentences {
            text
            claim {
              verdict
              confidence
              receipts {
                quote
                stance
                startOffset
                endOffset
                snapshotSha256
                snippet {
                  source {
                    title
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
`,
    variables: json({ runId: '{{researchRunId}}' }),
  },
  {
    query: `# 9 · The files the run left. A downloadUrl is signed
# and expires after 15 minutes: open one in a new tab of
# the browser.

query Artifacts($runId: ID!) {
  run(id: $runId) {
    artifacts(first: 20) {
      nodes {
        name
        kind
        version
        mediaType
        bytes
        sha256
        downloadUrl
      }
    }
  }
}
`,
    variables: json({ runId: '{{researchRunId}}' }),
  },
];
