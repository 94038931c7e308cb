-- What the tools of a run asked and were answered, so that it can be replayed, and which run a run goes back to.

create table run_exchanges (
  run_id uuid not null,
  tenant_id uuid not null,
  project_id uuid not null,
  stage text not null,
  ordinal integer not null check (ordinal >= 0), -- 0, 1, 2 … in the order in which they were asked
  occurrence integer not null check (occurrence >= 0), -- how often the same was asked before in this stage
  attempt integer not null, -- of the stage: the one that settled it; what others asked is superseded
  kind text not null check (kind in ('MODEL', 'HTTP', 'LIBRARY')),
  request_sha256 text not null check (request_sha256 ~ '^[0-9a-f]{64}$'), -- of the canonical request, which is a blob
  request jsonb not null, -- its summary, for people: {method, url} or {role, model} or {operation}
  status integer, -- of HTTP; null where no server answered
  response jsonb, -- what is known of the body: {url, mediaType, charset} or {usage}
  response_sha256 text check (response_sha256 ~ '^[0-9a-f]{64}$'), -- of the body, which is a blob; null for a failure
  response_bytes bigint,
  failure jsonb, -- {code, message, retryable, details, hint}
  recorded_at timestamptz not null,
  primary key (run_id, stage, ordinal),
  unique (run_id, stage, request_sha256, occurrence),
  check ((response_sha256 is null) = (failure is not null)),
  check ((response_sha256 is null) = (response_bytes is null)),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index run_exchanges_by_run on run_exchanges (tenant_id, run_id, stage, ordinal);
create index run_exchanges_by_project on run_exchanges (tenant_id, project_id); -- for the cascade
call secure_tenant_table('run_exchanges', project_column => 'project_id', app_privileges => 'select, insert, delete');

-- How many exchanges the record of a stage has; null: the stage has not been recorded.
alter table run_stages add column exchanges integer;

-- A replay answers its tools from the record that was copied to it; a fork asks anew, from the stage at which it began.
create table run_origins (
  run_id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  how text not null check (how in ('REPLAY', 'FORK')),
  origin_id uuid, -- null: it was deleted
  from_stage text, -- where it began, with the checkpoints before it taken over; null: at the beginning
  check (how = 'REPLAY' or from_stage is not null),
  unique (tenant_id, run_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, origin_id) references runs (tenant_id, id) on delete set null (origin_id)
);
create index run_origins_by_origin on run_origins (tenant_id, origin_id); -- these two for the cascades
create index run_origins_by_project on run_origins (tenant_id, project_id);
call secure_tenant_table('run_origins', project_column => 'project_id');
