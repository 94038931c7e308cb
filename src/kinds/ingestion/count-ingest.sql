-- Counts one more paper of a person in the hour that began with the first; a new hour begins when that has passed. The
-- row is locked until the run is committed, so two requests cannot both be the last that is allowed. Index: the primary key.
insert into ingest_windows as w (tenant_id, user_id, ends_at, ingests)
values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', 1)
on conflict (tenant_id, user_id) do update set
  ingests = case when w.ends_at <= clock_timestamp() then 1 else w.ingests + 1 end,
  ends_at = case when w.ends_at <= clock_timestamp() then excluded.ends_at else w.ends_at end
returning ingests, greatest(1, ceil(extract(epoch from ends_at - clock_timestamp()) * 1000))::integer as wait_ms
