-- Papers: uploads, the works they hold, and the runs that take them in.

create table uploads (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  file_name text not null check (char_length(file_name) between 1 and 255),
  media_type text not null check (char_length(media_type) between 3 and 120),
  bytes bigint not null check (bytes > 0), -- as announced: the most that is taken
  announced_sha256 text check (announced_sha256 ~ '^[0-9a-f]{64}$'),
  content_sha256 text check (content_sha256 ~ '^[0-9a-f]{64}$'), -- of what came; null until a run has taken it up
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null, -- nothing is taken after that
  unique (tenant_id, id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, created_by) references memberships (tenant_id, user_id) on delete cascade
);
create index uploads_by_project on uploads (tenant_id, project_id, id);
create index uploads_by_member on uploads (tenant_id, created_by);
create index uploads_by_content on uploads (tenant_id, content_sha256); -- the sweep asks which blobs are named
call secure_tenant_table('uploads', project_column => 'project_id');

create table papers (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  status text not null check (status in ('PENDING', 'READY', 'FAILED')),
  title text check (char_length(title) between 1 and 500),
  authors text[] not null default '{}',
  year integer check (year between 1000 and 2999),
  doi text,
  arxiv_id text,
  page_count integer,
  media_type text not null,
  content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'), -- of the bytes that came
  source_id uuid, -- null until it is READY
  created_at timestamptz not null,
  unique (tenant_id, id),
  unique (tenant_id, project_id, content_sha256),
  check (status <> 'READY' or (source_id is not null and title is not null)),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, project_id, source_id) references sources (tenant_id, project_id, id) on delete cascade
);
create index papers_by_project on papers (tenant_id, project_id, id);
create index papers_by_source on papers (tenant_id, project_id, source_id); -- for the cascade
create index papers_by_content on papers (tenant_id, content_sha256);
call secure_tenant_table('papers', project_column => 'project_id');

create table ingestion_runs (
  run_id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  upload_id uuid,
  content_sha256 text check (content_sha256 ~ '^[0-9a-f]{64}$'), -- of a text sent with the request; null for an upload
  media_type text, -- of that text
  facts jsonb not null, -- {title, authors, year, doi, url} as the caller gave them, each or null
  paper_id uuid, -- null until the content's hash is known
  unique (tenant_id, run_id),
  check ((upload_id is null) <> (content_sha256 is null)),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, upload_id) references uploads (tenant_id, id) on delete cascade,
  foreign key (tenant_id, paper_id) references papers (tenant_id, id) on delete cascade
);
create index ingestion_runs_by_project on ingestion_runs (tenant_id, project_id);
create index ingestion_runs_by_upload on ingestion_runs (tenant_id, upload_id);
create index ingestion_runs_by_paper on ingestion_runs (tenant_id, paper_id);
create index ingestion_runs_by_content on ingestion_runs (tenant_id, content_sha256);
call secure_tenant_table('ingestion_runs', project_column => 'project_id');
