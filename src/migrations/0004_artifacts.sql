-- Artifacts: the versioned, content-hashed outputs of runs. The bytes are blobs named by sha256; a row is what names one.

create table artifacts (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null, -- the run's
  run_id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  kind text not null check (kind ~ '^[A-Z_]{1,32}$'),
  version integer not null check (version > 0),
  media_type text not null check (char_length(media_type) between 3 and 120),
  bytes integer not null check (bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  unique (tenant_id, project_id, name, version),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index artifacts_by_run on artifacts (tenant_id, run_id, id);
create index artifacts_by_project on artifacts (tenant_id, project_id, id);
create index artifacts_by_blob on artifacts (tenant_id, sha256); -- the sweep asks which blobs are named
-- An artifact is never altered: what changes is a new version.
call secure_tenant_table('artifacts', project_column => 'project_id', app_privileges => 'select, insert, delete');

-- The last version given out for a name. It outlives the artifacts, so that a number is never used twice: whoever holds
-- a reference to version 3 never finds other content under it.
create table artifact_names (
  tenant_id uuid not null,
  project_id uuid not null,
  name text not null,
  last_version integer not null,
  primary key (tenant_id, project_id, name),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
call secure_tenant_table('artifact_names', project_column => 'project_id', app_privileges => 'select, insert, update');
