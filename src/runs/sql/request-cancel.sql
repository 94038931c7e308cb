-- Acknowledges a cancel of a run that a worker holds: from here on no completion is accepted (the fence has moved), and
-- the run can only end CANCELED. Idempotent: the second request changes nothing and returns no row.
--   $1 run_id
with head as (
  update runs set cancel_requested_at = clock_timestamp(), fence = fence + 1, last_seq = last_seq + 1
  where id = $1 and status = 'RUNNING' and cancel_requested_at is null
  returning id, tenant_id, last_seq, current_stage, worker_id, fence
), appended as (
  insert into run_events (run_id, seq, tenant_id, level, stage, type, message)
  select id, last_seq, tenant_id, 'INFO', current_stage, 'CANCEL_REQUESTED', 'Cancel requested; the stage is being stopped.'
  from head
)
select id, worker_id, fence from head
