-- Appends a batch of events to a run's timeline and allocates their dense seqs under the run's row lock.
--   $1 run_id  $2 fence, or null for a writer that needs none  $3 jsonb array of {level, stage, type, message, payload}
-- No row comes back when the fence has moved on: the writer is stale and nothing was written.
-- Indexes: runs_pkey; HOT update, because no index covers last_seq.
with head as (
  update runs set last_seq = last_seq + jsonb_array_length($3::jsonb)
  where id = $1 and ($2::integer is null or (fence = $2 and status = 'RUNNING'))
  returning tenant_id, last_seq - jsonb_array_length($3::jsonb) as base
)
insert into run_events (run_id, seq, tenant_id, level, stage, type, message, payload)
select $1, head.base + e.ordinality, head.tenant_id,
       e.value->>'level', e.value->>'stage', e.value->>'type', e.value->>'message', coalesce(e.value->'payload', '{}')
from head, jsonb_array_elements($3::jsonb) with ordinality as e
returning seq
