-- As read-events.sql, for many runs at once: the same page of each.
--   $1 run_ids  $2 after  $3 limit, of each
-- Indexes: runs_pkey; run_events primary key (run_id, seq).
select r.id, r.status, r.last_seq,
  (select json_build_object(
      'seq', json_agg(seq), 'at', json_agg(floor(date_part('epoch', at) * 1000 + 0.001)), 'level', json_agg(level),
      'stage', json_agg(stage), 'type', json_agg(type), 'message', json_agg(message), 'payload', json_agg(payload))
    from (select seq, at, level, stage, type, message, payload
          from run_events where run_id = r.id and seq > $2 order by seq limit $3) e) as events
from runs r
where r.id = any ($1::uuid[])
