-- What is new in many runs of one tenant: of each its head and, in the same snapshot, the events after a cursor of its own.
--   $1 uuid[] of runs  $2 integer[] of cursors, in the same order  $3 limit, of events a run
-- Answered by the place of the question, from 1. A run that is not there has no row. Indexes: runs_pkey; run_events primary key (run_id, seq).
select asked.place::integer, r.status, r.last_seq,
  case when r.last_seq > asked.after then (
    select json_build_object(
      'seq', json_agg(seq), 'at', json_agg(floor(date_part('epoch', at) * 1000 + 0.001)), 'level', json_agg(level),
      'stage', json_agg(stage), 'type', json_agg(type), 'message', json_agg(message), 'payload', json_agg(payload))
    from (select seq, at, level, stage, type, message, payload
          from run_events where run_id = r.id and seq > asked.after order by seq limit $3) e) end as events -- as columns, see read-events.sql
from unnest($1::uuid[], $2::integer[]) with ordinality as asked (id, after, place)
join runs r on r.id = asked.id
