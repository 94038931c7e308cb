# From an account to a checked report over the public API. Needs PowerShell 5.1 or later, Node, npm ci, and a server (npm start).
# Run it in the repository: powershell -ExecutionPolicy Bypass -File docs/walk.ps1     ($env:URL names another server)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$url = if ($env:URL) { $env:URL } else { 'http://localhost:4000' }
$question = 'Can retrieval systems be compared reliably when relevance judgments are incomplete?'
$files = Get-ChildItem library/0*.md
$headers = @{}

# One GraphQL operation; returns its data, throws its errors.
function Ask([string] $query, [hashtable] $variables = @{}) {
  $body = ConvertTo-Json -Depth 20 -Compress @{ query = $query; variables = $variables }
  $bytes = [System.Text.Encoding]::UTF8.GetBytes($body)
  $answer = Invoke-RestMethod -Method Post -Uri "$url/graphql" -ContentType 'application/json' -Headers $headers -Body $bytes
  if ($answer.errors) { throw ($answer.errors | ConvertTo-Json -Depth 20) }
  $answer.data
}

'1. An account. (Later: signIn, with the same e-mail and password.)'
$account = @{
  email = "walker-$([guid]::NewGuid())@example.org"; password = 'a long sentence is a good password'
  displayName = 'Walker'; tenantName = 'Reading group'
}
$session = Ask 'mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { accessToken } } }' @{ input = $account }
$headers = @{ authorization = "Bearer $($session.register.accessToken)" }

'2. A key for programs: it acts as you, and is shown once.'
$key = (Ask 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }' @{ input = @{ name = 'walk' } }).createApiKey.secret
$headers = @{ authorization = "Bearer $key" }

'3. A project.'
$project = (Ask 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { id } }' @{ input = @{ name = 'Evaluation' } }).createProject.id

'4. Papers: announce a file, PUT its bytes to the signed URL, take it in.'
foreach ($file in $files) {
  $announced = @{ projectId = $project; fileName = $file.Name; mediaType = 'text/markdown'; bytes = $file.Length }
  $ticket = (Ask 'mutation ($input: PrepareUploadInput!) { prepareUpload(input: $input) { uploadId url } }' @{ input = $announced }).prepareUpload
  Invoke-RestMethod -Method Put -Uri $ticket.url -ContentType 'text/markdown' -InFile $file.FullName | Out-Null
  $upload = @{ projectId = $project; uploadId = $ticket.uploadId }
  $run = (Ask 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id } }' @{ input = $upload }).ingestPaper
  do { # without a stream: ask where the run stands
    Start-Sleep -Milliseconds 500
    $state = (Ask 'query ($id: ID!) { run(id: $id) { status } }' @{ id = $run.id }).run.status
  } until ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT' -contains $state)
  "   $($file.Name): $state"
}

'5. A question. The same clientRequestId gives the same run, should the answer get lost.'
$asked = @{ projectId = $project; question = $question; clientRequestId = "walk-$([guid]::NewGuid())" }
$run = (Ask 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }' @{ input = $asked }).startResearch

'6. Watch it live over a WebSocket (subscription runEvents).'
$env:URL = $url
$env:TOKEN = $key
node docs/watch-run.mjs $run.id
if ($LASTEXITCODE -ne 0) { throw 'The run could not be watched.' }

'7. How it ended, what it is worth, and why.'
$read = 'query ($id: ID!) { run(id: $id) { status failure { code message hint } trust { overall components { name score weight basis } } } }'
(Ask $read @{ id = $run.id }).run | ConvertTo-Json -Depth 20

'8. The claims. A receipt: this quote stands at these bytes of the text with this hash.'
$read = 'query ($id: ID!) { run(id: $id) { ... on ResearchRun { claims(first: 2) { nodes {
  text verdict confidence
  receipts { quote stance startOffset endOffset snapshotSha256 snippet { source { title } } }
} } } } }'
(Ask $read @{ id = $run.id }).run.claims.nodes | ConvertTo-Json -Depth 20

'9. The files, by signed URLs that expire.'
New-Item -ItemType Directory -Force out/walk | Out-Null
$read = 'query ($id: ID!) { run(id: $id) { artifacts(first: 20) { nodes { name downloadUrl sha256 } } } }'
foreach ($artifact in (Ask $read @{ id = $run.id }).run.artifacts.nodes) {
  $path = "out/walk/$($artifact.name)"
  Invoke-WebRequest -UseBasicParsing -Uri $artifact.downloadUrl -OutFile $path
  $same = (Get-FileHash -Algorithm SHA256 $path).Hash -eq $artifact.sha256
  "   ${path}: as announced: $same"
}
