-- The index of a library is kept in the background, and its sources can be counted by term.

-- Of the segment, sources with the term, in their title or a snippet. Null in lists made before they were counted.
alter table segment_lists add column sources integer;

-- Wants the index of a library brought up to date, in the caller's transaction: one job a library, at the earliest in so many
-- milliseconds. A job that waits already, long enough for the caller to commit, does as well, and is not touched: nobody
-- waits for another's transaction. `sooner` moves one that waits to the time given.
create function want_library_index(project uuid, delay_ms integer, sooner boolean) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  job_of_library constant text := 'index:' || tenant || ':' || project;
begin
  if tenant is null then
    raise exception 'want_library_index: there is no tenant' using errcode = '42501';
  end if;
  if not sooner and exists (
    select 1 from graphile_worker._private_jobs j
    where j.key = job_of_library and j.locked_at is null and j.attempts < j.max_attempts
      and j.run_at > clock_timestamp() + interval '5 seconds')
  then
    return;
  end if;
  perform graphile_worker.add_job(
    'index_library',
    json_build_object('tenantId', tenant, 'projectId', project),
    run_at => clock_timestamp() + make_interval(secs => delay_ms / 1000.0),
    max_attempts => 1,
    job_key => job_of_library,
    job_key_mode => case when sooner then 'replace' else 'preserve_run_at' end);
end $$;
alter function want_library_index(uuid, integer, boolean) owner to pw_system;
revoke all on function want_library_index(uuid, integer, boolean) from public;
grant execute on function want_library_index(uuid, integer, boolean) to pw_app;
