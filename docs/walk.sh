#!/usr/bin/env bash
# From an account to a checked report over the public API. Needs bash, curl, Node, npm ci, and a server (npm start).
# Run it in the repository: bash docs/walk.sh [FILE…]   (URL, QUESTION and OUT may be set)
set -euo pipefail
URL=${URL:-http://localhost:4000}
QUESTION=${QUESTION:-Can retrieval systems be compared reliably when relevance judgments are incomplete?}
OUT=${OUT:-out/walk}
command -v sha256sum >/dev/null || sha256sum() { shasum -a 256 "$@"; } # macOS
[ $# -gt 0 ] || set -- library/0[1-6]-*.md
TOKEN=

# ask QUERY VARIABLES: one GraphQL operation, its answer on stdout.
ask() {
  node -pe 'JSON.stringify({ query: process.argv[1], variables: JSON.parse(process.argv[2] ?? "{}") })' "$@" |
    curl -sS "$URL/graphql" -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" --data-binary @-
}
# pick EXPRESSION: a part of the answer on stdin; an error of the API ends the walk.
pick() {
  node -e 'const answer = require("node:fs").readFileSync(0, "utf8") || process.exit(1); // curl has said why
           const { data, errors } = JSON.parse(answer);
           if (errors) { console.error(JSON.stringify(errors, null, 2)); process.exit(1); }
           const part = eval("data." + process.argv[1]);
           console.log(typeof part === "object" ? JSON.stringify(part, null, 2) : part);' "$1"
}
# json NAME VALUE …: an object of strings, quoted as JSON wants it.
json() {
  node -pe 'const o = {}, a = process.argv.slice(1); for (let i = 0; i < a.length; i += 2) o[a[i]] = a[i + 1]; JSON.stringify(o)' "$@"
}

echo '1. An account. (Later: signIn, with the same e-mail and password.)'
INPUT=$(json email "walker-$$-$RANDOM@example.org" password 'a long sentence is a good password' displayName Walker tenantName 'Reading group')
TOKEN=$(ask 'mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { accessToken } } }' "{\"input\": $INPUT}" | pick register.accessToken)

echo '2. A key for programs: it acts as you, and is shown once.'
TOKEN=$(ask 'mutation { createApiKey(input: { name: "walk" }) { secret } }' | pick createApiKey.secret)

echo '3. A project.'
PROJECT=$(ask 'mutation { createProject(input: { name: "Evaluation" }) { id } }' | pick createProject.id)

echo '4. Papers: announce a file, PUT its bytes to the signed URL, take it in.'
for FILE in "$@"; do
  case $FILE in *.pdf) TYPE=application/pdf ;; *.txt) TYPE=text/plain ;; *) TYPE=text/markdown ;; esac
  TICKET=$(ask 'mutation ($p: ID!, $name: String!, $type: String!, $bytes: Float!) {
    prepareUpload(input: { projectId: $p, fileName: $name, mediaType: $type, bytes: $bytes }) { uploadId url }
  }' "{\"p\": \"$PROJECT\", \"name\": \"$(basename "$FILE")\", \"type\": \"$TYPE\", \"bytes\": $(wc -c <"$FILE")}")
  curl -sS --fail -o /dev/null -X PUT -H "content-type: $TYPE" --data-binary @"$FILE" "$(pick prepareUpload.url <<<"$TICKET")"
  RUN=$(ask 'mutation ($p: ID!, $upload: ID!) { ingestPaper(input: { projectId: $p, uploadId: $upload }) { id } }' \
    "$(json p "$PROJECT" upload "$(pick prepareUpload.uploadId <<<"$TICKET")")" | pick ingestPaper.id)
  # Server-Sent Events: the stream ends when the run has ended. To resume: -H "last-event-id: N" or ?after_id=N
  curl -sS --fail -N -H "authorization: Bearer $TOKEN" -H 'accept: text/event-stream' "$URL/runs/$RUN/events" | grep -c '^id:' |
    sed "s|^|   $(basename "$FILE"): events: |"
done

echo '5. A question. The same clientRequestId gives the same run, should the answer get lost.'
RUN=$(ask 'mutation ($p: ID!, $q: String!, $key: String!) {
  startResearch(input: { projectId: $p, question: $q, clientRequestId: $key }) { id }
}' "$(json p "$PROJECT" q "$QUESTION" key "walk-$$-$RANDOM")" | pick startResearch.id)

echo '6. Watch it live over a WebSocket (subscription runEvents).'
URL=$URL TOKEN=$TOKEN node docs/watch-run.mjs "$RUN"

echo '7. How it ended, what it is worth, and why.'
ask 'query ($id: ID!) { run(id: $id) {
  status failure { code message hint }
  ... on ResearchRun { report { title wordCount sections { heading } } }
  trust { overall components { name score weight basis } flags { code message } }
} }' "$(json id "$RUN")" | pick run

echo '8. The claims. A receipt: this quote stands at these bytes of the text with this hash.'
ask 'query ($id: ID!) { run(id: $id) { ... on ResearchRun { claims(first: 2) { nodes {
  text verdict confidence
  receipts { quote stance startOffset endOffset snapshotSha256 snippet { source { title } } }
} } } } }' "$(json id "$RUN")" | pick run.claims.nodes

echo '9. The files, by signed URLs that expire.'
mkdir -p "$OUT"
ask 'query ($id: ID!) { run(id: $id) { artifacts(first: 20) { nodes { name downloadUrl sha256 } } } }' "$(json id "$RUN")" |
  pick 'run.artifacts.nodes.map((a) => [a.sha256, a.name, a.downloadUrl].join(" ")).join("\n")' |
  while read -r SHA256 NAME LINK; do
    [ -n "$LINK" ] || break # a run that failed has none
    curl -sS --fail -o "$OUT/$NAME" "$LINK"
    echo "$SHA256  $OUT/$NAME" | sha256sum --check
  done
