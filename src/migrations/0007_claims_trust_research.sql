-- Research runs, their claims with receipts, and trust scores.

create table research_runs (
  run_id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  question text not null check (char_length(question) between 1 and 2000),
  approve_outline boolean not null,
  outline jsonb, -- {title, sections: [{heading, facet, evidenceCount}]}; null until the outline stage has ended
  report jsonb, -- {title, markdown, wordCount, sections}; null until the export stage has ended
  unique (tenant_id, run_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
create index research_runs_by_project on research_runs (tenant_id, project_id);
call secure_tenant_table('research_runs', project_column => 'project_id');

-- The sources a run was given, in order of rank: what the ingest stage pinned.
create table research_sources (
  id uuid primary key, -- UUIDv7, made in order of rank
  tenant_id uuid not null,
  project_id uuid not null,
  run_id uuid not null,
  source_id uuid not null,
  score double precision not null,
  unique (tenant_id, id),
  unique (tenant_id, run_id, source_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, source_id) references sources (tenant_id, id) on delete cascade
);
create index research_sources_by_run on research_sources (tenant_id, run_id, id);
create index research_sources_by_source on research_sources (tenant_id, source_id); -- for the cascade
call secure_tenant_table('research_sources', project_column => 'project_id');

create table claims (
  id uuid primary key, -- UUIDv7, made in reading order
  tenant_id uuid not null,
  project_id uuid not null,
  run_id uuid not null,
  ordinal integer not null check (ordinal >= 0), -- 0, 1, 2 … in reading order
  section text,
  text text not null check (text <> ''),
  verdict text check (verdict in ('SUPPORTED', 'REFUTED', 'MIXED', 'UNSUPPORTED')), -- null until checked
  confidence double precision check (confidence between 0 and 1), -- null until checked
  unique (tenant_id, id),
  unique (tenant_id, run_id, ordinal),
  check ((verdict is null) = (confidence is null)),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index claims_by_run on claims (tenant_id, run_id, id);
create index claims_by_project on claims (tenant_id, project_id);
call secure_tenant_table('claims', project_column => 'project_id');

-- A receipt proves one link of a claim to evidence; it holds the quote itself, so it can be shown without the snapshot.
create table receipts (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  claim_id uuid not null,
  snippet_id uuid not null,
  snapshot_id uuid not null,
  snapshot_sha256 text not null check (snapshot_sha256 ~ '^[0-9a-f]{64}$'),
  quote text not null check (quote <> ''),
  start_offset integer not null check (start_offset >= 0), -- UTF-8 bytes into the snapshot, half-open
  end_offset integer not null,
  page integer,
  stance text not null check (stance in ('SUPPORTS', 'REFUTES', 'NEUTRAL')),
  score double precision not null check (score between 0 and 1),
  unique (tenant_id, id),
  check (end_offset - start_offset = octet_length(convert_to(quote, 'UTF8'))),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, claim_id) references claims (tenant_id, id) on delete cascade,
  foreign key (tenant_id, snippet_id) references snippets (tenant_id, id) on delete cascade,
  foreign key (tenant_id, snapshot_id) references snapshots (tenant_id, id) on delete cascade
);
create index receipts_by_claim on receipts (tenant_id, claim_id, id);
create index receipts_by_snippet on receipts (tenant_id, snippet_id); -- these two for the cascades
create index receipts_by_snapshot on receipts (tenant_id, snapshot_id);
create index receipts_by_project on receipts (tenant_id, project_id);
call secure_tenant_table('receipts', project_column => 'project_id');

create table trust_scores (
  run_id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  overall double precision not null check (overall between 0 and 1),
  components jsonb not null, -- [{name, score, weight, basis}]
  flags jsonb not null, -- [{code, message}]
  computed_at timestamptz not null,
  unique (tenant_id, run_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index trust_scores_by_project on trust_scores (tenant_id, project_id);
call secure_tenant_table('trust_scores', project_column => 'project_id');
