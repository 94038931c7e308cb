-- Structured papers: what a paper says, and where on its pages; documents that are fetched by their arXiv id or DOI; the
-- claims of papers; how many papers a person may take in an hour.

-- The reading of one snapshot of a paper. `structure` is what the API answers; `lines` takes offsets of the snapshot to
-- pages and boxes, for receipts too. A better extractor makes a new snapshot, so a receipt into an old one keeps its boxes;
-- another engine on the same text replaces the reading.
create table paper_structures (
  snapshot_id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  paper_id uuid not null,
  engine text not null, -- name@version
  structure jsonb not null, -- StructuredPaper
  lines jsonb not null, -- [[startOffset, endOffset, page, x, y, width, height]], ascending; points
  created_at timestamptz not null default now(), -- of this reading
  unique (tenant_id, snapshot_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, paper_id) references papers (tenant_id, id) on delete cascade,
  foreign key (tenant_id, project_id, snapshot_id) references snapshots (tenant_id, project_id, id) on delete cascade
);
create index paper_structures_by_project on paper_structures (tenant_id, project_id);
create index paper_structures_by_paper on paper_structures (tenant_id, paper_id);
create index paper_structures_by_snapshot on paper_structures (tenant_id, project_id, snapshot_id); -- for the cascade
call secure_tenant_table('paper_structures', project_column => 'project_id');

-- The owner fills a new column and has new references checked: for that, its own walls are opened until the end of this file.
alter table papers no force row level security;
alter table sources no force row level security;
alter table snapshots no force row level security;
alter table claims no force row level security;

-- Which snapshot a READY paper is read from.
alter table papers
  add column snapshot_id uuid,
  add foreign key (tenant_id, project_id, snapshot_id) references snapshots (tenant_id, project_id, id) on delete cascade;
update papers set snapshot_id = sources.snapshot_id
  from sources where sources.tenant_id = papers.tenant_id and sources.id = papers.source_id;
create index papers_by_snapshot on papers (tenant_id, project_id, snapshot_id); -- for the cascade

-- A document may be named instead of sent; its hash is known when it has been fetched.
alter table ingestion_runs
  add column arxiv_id text,
  add column doi text,
  add column fetched jsonb, -- what the services say of it; null until it has been fetched
  add column engine text check (engine in ('BUILTIN', 'GROBID')), -- null: the standard one
  drop constraint ingestion_runs_check,
  add check (num_nonnulls(upload_id, arxiv_id, doi) <= 1),
  add check (coalesce(upload_id::text, arxiv_id, doi, content_sha256) is not null),
  add check (upload_id is null or content_sha256 is null);

alter table sources
  drop constraint sources_connector_check,
  add check (connector in ('UPLOAD', 'TEXT', 'ARXIV', 'DOI'));

-- A claim is a sentence of a run's report or of a paper.
alter table claims
  alter column run_id drop not null,
  add column paper_id uuid,
  add column score double precision check (score between 0 and 1), -- of a paper's: how much it is the paper's own finding
  add check (num_nonnulls(run_id, paper_id) = 1),
  add check ((paper_id is null) = (score is null)),
  add unique (tenant_id, paper_id, ordinal),
  add foreign key (tenant_id, paper_id) references papers (tenant_id, id) on delete cascade;
create index claims_by_paper on claims (tenant_id, paper_id, id);

-- Papers that a person has begun to take in since the window was opened. A row a person and tenant, counted in the
-- transaction that starts the run.
create table ingest_windows (
  tenant_id uuid not null,
  user_id uuid not null,
  ends_at timestamptz not null,
  ingests integer not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references memberships (tenant_id, user_id) on delete cascade
);
call secure_tenant_table('ingest_windows');

alter table papers force row level security;
alter table sources force row level security;
alter table snapshots force row level security;
alter table claims force row level security;
