-- What is new in many runs of one tenant: of each its head and, in the same snapshot, the events after a cursor of its own.
--   $1 uuid[] of runs  $2 integer[] of cursors, in the same order  $3 limit, of events a run
-- Answered by the place of the question, from 1. A run that is not there has no row. Indexes: runs_pkey; run_events primary key (run_id, seq).
select asked.place::integer, r.status, r.last_seq,
  case when r.last_seq <= asked.after then '[]' else coalesce((
    select json_agg(e order by e.seq)
    from (select seq, at, level, stage, type, message, payload
          from run_events where run_id = r.id and seq > asked.after order by seq limit $3) e), '[]') end as events
from unnest($1::uuid[], $2::integer[]) with ordinality as asked (id, after, place)
join runs r on r.id = asked.id
