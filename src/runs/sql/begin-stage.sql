-- A worker that has just claimed the run begins its current stage: the attempt is counted, and STAGE_STARTED says so.
--   $1 run_id  $2 stage
-- In the claim's transaction, which holds the run's lock. Indexes: run_stages_pkey, runs_pkey.
with begun as (
  update run_stages set status = 'RUNNING', attempt = attempt + 1, started_at = clock_timestamp(), finished_at = null, progress = null
  where run_id = $1 and name = $2
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
