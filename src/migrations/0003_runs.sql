-- The run engine's records. Laws: src/runs/README.md.

create table runs (
  id uuid primary key,
  tenant_id uuid not null references tenants (id) on delete cascade,
  project_id uuid not null,
  kind text not null check (kind ~ '^[A-Z_]{1,32}$'),
  status text not null check (status in ('CREATED','QUEUED','RUNNING','BLOCKED','SUCCEEDED','FAILED','CANCELED','TIMED_OUT')),
  current_stage text,
  worker_id uuid,
  fence integer not null default 0,
  attempt integer not null default 0,
  retry_count integer not null default 0,
  last_seq integer not null default 0,
  priority smallint not null default 0,
  limits jsonb not null,
  spent_ms double precision not null default 0,
  spent_tokens integer not null default 0,
  spent_cost_usd double precision not null default 0,
  running_since timestamptz,
  client_request_id text,
  input_hash text not null,
  cancel_requested_at timestamptz,
  failure jsonb,
  created_by uuid not null references users (id),
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
) with (fillfactor = 60);
-- No index on last_seq, the worker's lease or what is spent: an event batch then stays a HOT update.
create index runs_by_project on runs (tenant_id, project_id, id);
-- Every index that begins with the tenant goes on to the id or leaves most runs out: row security adds `tenant_id = …` to
-- each statement, and without statistics the planner may take any index that begins so, and read all runs of the tenant.
create unique index runs_by_client_request on runs (tenant_id, client_request_id) where client_request_id is not null;
create index runs_open on runs (status, tenant_id, id) where status in ('QUEUED', 'RUNNING');
call secure_tenant_table('runs', project_column => 'project_id', system_access => 'select');
grant references on runs to pw_system; -- it owns run_events, whose partitions repeat the foreign key

create table run_stages (
  run_id uuid not null,
  name text not null,
  tenant_id uuid not null,
  position smallint not null,
  status text not null default 'PENDING' check (status in ('PENDING','RUNNING','SUCCEEDED','FAILED','CANCELED')),
  attempt integer not null default 0,
  losses integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  progress jsonb,
  output jsonb,
  primary key (run_id, name),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
) with (fillfactor = 70);
call secure_tenant_table('run_stages', system_access => 'select');

create table input_requests (
  id uuid primary key,
  tenant_id uuid not null,
  run_id uuid not null,
  stage text not null,
  kind text not null,
  prompt text not null,
  proposal jsonb not null,
  status text not null default 'OPEN' check (status in ('OPEN','ANSWERED','WITHDRAWN')),
  answer jsonb,
  created_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
create index input_requests_by_run on input_requests (tenant_id, run_id);
create unique index one_open_request_a_run on input_requests (run_id) where status = 'OPEN';
call secure_tenant_table('input_requests');

-- seq is dense per run: allocated under the run's row lock (sql/append-events.sql). Partitioned by run_id, a UUIDv7, so
-- by the month in which the run began; grants stand on the parent only, for a partition read directly would bypass the
-- parent's policies.
create table run_events (
  run_id uuid not null,
  seq integer not null check (seq > 0),
  tenant_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  level text not null check (level in ('DEBUG','INFO','WARN','ERROR')),
  stage text,
  type text not null,
  message text not null,
  payload jsonb not null default '{}',
  primary key (run_id, seq),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
) partition by range (run_id);
call secure_tenant_table('run_events', app_privileges => 'select, insert, delete');
create table run_events_default partition of run_events default;
alter table run_events owner to pw_system;
alter table run_events_default owner to pw_system;

create function uuid_floor(at timestamptz) returns uuid language sql immutable parallel safe
  set search_path = pg_catalog, public
as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

-- This month and the next two. Called when a worker starts and once a day; a run that comes before its partition goes
-- into the default one, so nothing is ever refused.
create function create_partitions() returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
  month timestamptz;
  part text;
begin
  for i in 0..2 loop
    month := date_trunc('month', now() at time zone 'utc') at time zone 'utc' + make_interval(months => i);
    part := 'run_events_' || to_char(month at time zone 'utc', 'YYYYMM');
    if to_regclass('public.' || part) is null
       and not exists (select 1 from run_events_default
                       where run_id >= uuid_floor(month) and run_id < uuid_floor(month + interval '1 month')) then
      execute format('create table public.%I partition of public.run_events for values from (%L) to (%L)',
        part, uuid_floor(month), uuid_floor(month + interval '1 month'));
    end if;
  end loop;
end $$;
alter function create_partitions() owner to pw_system;
revoke all on function create_partitions() from public;
grant execute on function create_partitions() to pw_app;
select create_partitions();

-- One row a worker process; renewed every few seconds by the database's clock, whatever the worker's own clock says.
create table workers (
  id uuid primary key,
  host text not null,
  pid integer not null,
  version text not null,
  started_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null
) with (fillfactor = 70);
grant select, insert, update, delete on workers to pw_app;
grant select on workers to pw_system;

-- Puts the job of a stage into the queue, in the caller's transaction. The payload is ids only. Refuses a run of another
-- tenant than the setting's: this function sees all tenants. Whoever enqueues has raised the fence before, so no job of
-- this key can stand already, and the mode that only inserts is the right one: half the work of one that replaces.
create function enqueue_stage(run uuid, stage text, fence integer, delay_ms integer default 0) returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  urgency smallint;
begin
  select r.priority into urgency from runs r where r.id = run and r.tenant_id = tenant;
  if not found then
    raise exception 'enqueue_stage: run % is not of the current tenant', run using errcode = '42501';
  end if;
  perform graphile_worker.add_job(
    'stage',
    json_build_object('tenantId', tenant, 'runId', run, 'stage', stage, 'fence', fence),
    run_at => clock_timestamp() + make_interval(secs => delay_ms / 1000.0),
    max_attempts => 5,
    job_key => 'run:' || run || ':' || fence,
    priority => urgency,
    job_key_mode => 'unsafe_dedupe');
end $$;
alter function enqueue_stage(uuid, text, integer, integer) owner to pw_system;
revoke all on function enqueue_stage(uuid, text, integer, integer) from public;
grant execute on function enqueue_stage(uuid, text, integer, integer) to pw_app;

-- Runs that wait for a worker, over all tenants, counted up to a bound; and those of the current tenant.
create function queue_depth(bound integer, out waiting integer, out of_tenant integer)
  language sql stable security definer set search_path = pg_catalog, public
as $$
  select (select count(*) from (select 1 from runs where status = 'QUEUED' limit bound) w),
         (select count(*) from (select 1 from runs where status in ('QUEUED','RUNNING')
            and tenant_id = nullif(current_setting('app.tenant', true), '')::uuid limit 1000) t)
$$;
alter function queue_depth(integer) owner to pw_system;
revoke all on function queue_depth(integer) from public;
grant execute on function queue_depth(integer) to pw_app;

-- The heads of the runs that an API process watches: one query a second and process, not one a subscriber.
create function run_heads(ids uuid[])
  returns table (id uuid, tenant_id uuid, project_id uuid, last_seq integer, status text, cancel_requested boolean)
  language sql stable security definer set search_path = pg_catalog, public
as $$
  select r.id, r.tenant_id, r.project_id, r.last_seq, r.status, r.cancel_requested_at is not null
  from runs r where r.id = any (ids)
$$;
alter function run_heads(uuid[]) owner to pw_system;
revoke all on function run_heads(uuid[]) from public;
grant execute on function run_heads(uuid[]) to pw_app;

-- Of the runs whose stages a worker is executing, those whose stages it must stop: their cancel was acknowledged, or
-- another holds them now (the worker stood still for longer than its lease), or they are gone.
create function stages_to_stop(worker uuid, ids uuid[])
  returns table (id uuid, canceled boolean)
  language sql stable security definer set search_path = pg_catalog, public
as $$
  select asked.id, r.cancel_requested_at is not null
  from unnest(ids) as asked (id) left join runs r on r.id = asked.id
  where r.id is null or r.cancel_requested_at is not null or r.worker_id is distinct from worker
$$;
alter function stages_to_stop(uuid, uuid[]) owner to pw_system;
revoke all on function stages_to_stop(uuid, uuid[]) from public;
grant execute on function stages_to_stop(uuid, uuid[]) to pw_app;

-- Finds, never changes: the sweeper moves each run through the same transition as everyone else.
--   LOST      a stage whose worker's lease has lapsed, or that the asking worker holds and does not work on: it gave
--             up after a long outage, and its lease lives on
--   STRANDED  waits for a worker, but no live job stands for its fence (a job that died after graphile took it and
--             before the claim counts as dead after ten seconds: a claim follows within milliseconds)
-- While the server was down nobody could renew a lease: nobody counts as dead in its first five seconds.
-- A stage that takes its worker down takes the stages beside it down too. Before its last chance (one loss below
-- max_losses) a lost stage therefore waits until no other stage is at its last chance: of two that die together, the one
-- that is to blame dies alone.
create function find_stranded_runs(bound integer, max_losses integer, asking uuid, working uuid[])
  returns table (tenant_id uuid, run_id uuid, fence integer, reason text)
  language sql volatile security definer set search_path = pg_catalog, public
as $$
  with lost as (
    select r.tenant_id, r.id, r.fence,
           s.losses = max_losses - 2 and r.cancel_requested_at is null as comes_to_last_chance
    from runs r join run_stages s on s.run_id = r.id and s.name = r.current_stage
    where r.status = 'RUNNING' and r.worker_id is not null
      and case when r.worker_id = asking
            then r.running_since < clock_timestamp() - interval '10 seconds' and r.id <> all (working)
            else clock_timestamp() > pg_postmaster_start_time() + interval '5 seconds'
              and not exists (select 1 from workers w where w.id = r.worker_id and w.lease_until > clock_timestamp())
          end
  )
  (select l.tenant_id, l.id, l.fence, 'LOST'
   from lost l
   where not l.comes_to_last_chance
      or l.id = (select o.id from lost o where o.comes_to_last_chance order by o.id limit 1)
     and not exists (
       select 1 from runs r join run_stages s on s.run_id = r.id and s.name = r.current_stage
       where r.status = 'RUNNING' and s.losses = max_losses - 1)
   limit bound)
  union all
  (select r.tenant_id, r.id, r.fence, 'STRANDED'
   from runs r
   where r.status in ('QUEUED', 'RUNNING') and r.worker_id is null
     and not exists (
       select 1 from graphile_worker._private_jobs j
       where j.key = 'run:' || r.id || ':' || r.fence
         and j.attempts < j.max_attempts
         and (j.locked_at is null or j.locked_at > clock_timestamp() - interval '10 seconds'))
   limit bound)
$$;
alter function find_stranded_runs(integer, integer, uuid, uuid[]) owner to pw_system;
revoke all on function find_stranded_runs(integer, integer, uuid, uuid[]) from public;
grant execute on function find_stranded_runs(integer, integer, uuid, uuid[]) to pw_app;

-- Removes the jobs of a run that stand for an older fence and that nobody alive will finish. Never unlocks one: a job
-- taken over under the same id would be deleted by the late finisher of its first holder.
create function drop_stale_jobs(run uuid, current_fence integer) returns void
  language sql volatile security definer set search_path = pg_catalog, public
as $$
  delete from graphile_worker._private_jobs j
  where j.key like 'run:' || run || ':%' and j.key <> 'run:' || run || ':' || current_fence
$$;
alter function drop_stale_jobs(uuid, integer) owner to pw_system;
revoke all on function drop_stale_jobs(uuid, integer) from public;
grant execute on function drop_stale_jobs(uuid, integer) to pw_app;
