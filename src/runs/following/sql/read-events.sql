-- The events after a cursor and, in the same snapshot, the run's head: so that "caught up" and "terminal" are facts of
-- one moment.
-- Events come as columns (an array of each field, in the order of seq; `at` in ms since 1970, cut as Date cuts; null when there
-- are none): one object an event costs Postgres and the reader nearly twice as much.
--   $1 run_id  $2 after  $3 limit
-- Indexes: runs_pkey; run_events primary key (run_id, seq).
select r.status, r.last_seq, r.project_id,
  (select json_build_object(
      'seq', json_agg(seq), 'at', json_agg(floor(date_part('epoch', at) * 1000 + 0.001)), 'level', json_agg(level),
      'stage', json_agg(stage), 'type', json_agg(type), 'message', json_agg(message), 'payload', json_agg(payload))
    from (select seq, at, level, stage, type, message, payload
          from run_events where run_id = r.id and seq > $2 order by seq limit $3) e) as events
from runs r
where r.id = $1
