-- A worker that has just claimed the run begins its current stage: the attempt is counted, and STAGE_STARTED says so.
--   $1 run_id  $2 stage  $3 worker_id  $4 fence of the claim
-- In the claim's transaction, right behind the transition and sent with it: where that took no hold of the run, this finds
-- nothing to begin. Indexes: run_stages_pkey, runs_pkey.
with begun as (
  update run_stages set status = 'RUNNING', attempt = attempt + 1, started_at = clock_timestamp(), finished_at = null, progress = null
  where run_id = $1 and name = $2
    and exists (select 1 from runs where id = $1 and worker_id = $3 and fence = $4 and status = 'RUNNING')
  returning attempt
), head as (
  update runs set last_seq = last_seq + 1 from begun where id = $1 returning runs.tenant_id, runs.last_seq, begun.attempt
), told as (
  insert into run_events (run_id, seq, tenant_id, level, stage, type, message, payload)
  select $1, last_seq, tenant_id, 'INFO', $2, 'STAGE_STARTED',
         $2 || case when attempt > 1 then ', attempt ' || attempt else '' end, jsonb_build_object('attempt', attempt)
  from head
)
select attempt, last_seq from head
