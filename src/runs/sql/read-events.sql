-- The events after a cursor and, in the same snapshot, the run's head: so that "caught up" and "terminal" are facts of
-- one moment.
--   $1 run_id  $2 after  $3 limit
-- Indexes: runs_pkey; run_events primary key (run_id, seq).
select r.status, r.last_seq, r.project_id,
  coalesce((
    select json_agg(e order by e.seq)
    from (select seq, at, level, stage, type, message, payload
          from run_events where run_id = r.id and seq > $2 order by seq limit $3) e), '[]') as events
from runs r
where r.id = $1
