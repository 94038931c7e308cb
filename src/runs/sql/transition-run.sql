-- The only statement that changes a run's status. It locks the row with every condition in the WHERE of the locking
-- read (READ COMMITTED re-checks them after a wait), changes it, and appends the events of the change.
--   $1 run_id          $2 expected fence, or null     $3 text[] of allowed present statuses   $4 next status
--   $5 may the run have an acknowledged cancel?       (only a cancel or a retry may: a canceled run never SUCCEEDs)
--   $6 jsonb patch: currentStage, workerId, failure, raiseFence, claim, finish, retry, requestCancel
--   $7 jsonb array of the events that led to it; STATE_CHANGED follows them when the status differs
--   $8 jsonb output of the stage that is finished, or null
-- `claim` names the stage that a worker takes up with the run: its attempt is counted, and STAGE_STARTED ends the events.
-- `finish` names the stage that SUCCEEDED.
-- No row comes back when a condition did not hold, a claimed stage is not in the plan included. Indexes: runs_pkey, run_stages_pkey.
with before as (
  select id, status from runs
  where id = $1 and status = any ($3::text[])
    and ($2::integer is null or fence = $2)
    and ($5::boolean or cancel_requested_at is null)
  for no key update
), begun as (
  update run_stages s set status = 'RUNNING', attempt = s.attempt + 1, started_at = clock_timestamp(), finished_at = null, progress = null
  from before where s.run_id = $1 and s.name = $6::jsonb->>'claim'
  returning s.name, s.attempt
), finished as (
  update run_stages s set status = 'SUCCEEDED', finished_at = clock_timestamp(), output = $8
  from before where s.run_id = $1 and s.name = $6::jsonb->>'finish'
), change as (
  select before.id, before.status as previous, begun.attempt as stage_attempt,
         $7::jsonb || case when before.status = $4 then '[]'::jsonb
              else jsonb_build_array(jsonb_build_object(
                'type', 'STATE_CHANGED', 'level', 'INFO', 'message', before.status || ' → ' || $4,
                'payload', jsonb_build_object('from', before.status, 'to', $4::text))) end
              || case when begun is null then '[]'::jsonb
              else jsonb_build_array(jsonb_build_object(
                'type', 'STAGE_STARTED', 'level', 'INFO', 'stage', begun.name,
                'message', begun.name || case when begun.attempt > 1 then ', attempt ' || begun.attempt else '' end,
                'payload', jsonb_build_object('attempt', begun.attempt))) end as events
  from before left join begun on true
  where begun is not null or not $6::jsonb ? 'claim'
), after as (
  update runs r set
    status = $4,
    fence = r.fence + case when $6::jsonb ? 'raiseFence' then 1 else 0 end,
    current_stage = case when $6::jsonb ? 'currentStage' then $6::jsonb->>'currentStage' else r.current_stage end,
    worker_id = ($6::jsonb->>'workerId')::uuid,
    attempt = r.attempt + case when $6::jsonb ? 'claim' then 1 else 0 end,
    retry_count = r.retry_count + case when $6::jsonb ? 'retry' then 1 else 0 end,
    failure = case when $6::jsonb ? 'failure' then $6::jsonb->'failure' when $6::jsonb ? 'retry' then null else r.failure end,
    cancel_requested_at = case when $6::jsonb ? 'retry' then null
                               when $6::jsonb ? 'requestCancel' then coalesce(r.cancel_requested_at, clock_timestamp())
                               else r.cancel_requested_at end,
    started_at = case when $4 = 'RUNNING' then coalesce(r.started_at, clock_timestamp()) else r.started_at end,
    finished_at = case when $4 in ('SUCCEEDED', 'FAILED', 'CANCELED', 'TIMED_OUT') then clock_timestamp() end,
    -- a retry has the wall budget anew: a run that timed out could not go on otherwise
    spent_ms = case when $6::jsonb ? 'retry' then 0
                    else r.spent_ms + coalesce(extract(epoch from clock_timestamp() - r.running_since) * 1000, 0) end,
    running_since = case when $4 = 'RUNNING' then clock_timestamp() end,
    last_seq = r.last_seq + jsonb_array_length(change.events)
  from change where r.id = $1
  returning r.*, change.previous, change.stage_attempt, change.events
), appended as (
  insert into run_events (run_id, seq, tenant_id, level, stage, type, message, payload)
  select after.id, after.last_seq - jsonb_array_length(after.events) + e.ordinality, after.tenant_id,
         e.value->>'level', coalesce(e.value->>'stage', after.current_stage), e.value->>'type', e.value->>'message',
         coalesce(e.value->'payload', '{}')
  from after, jsonb_array_elements(after.events) with ordinality as e
)
select * from after
