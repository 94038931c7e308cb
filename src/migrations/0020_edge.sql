-- What the edge of the API shares between its processes: how much of its limits everybody has used, and the news that a
-- credential no longer holds.

-- A token bucket each, by the hash of what is limited. Unlogged: losing it in a crash forgives a minute. Only pw_system
-- reads it. `level` may be below zero: processes spend a little before they settle (src/api/rate-limits/).
create unlogged table rate_buckets (
  bucket bytea primary key check (octet_length(bucket) = 32),
  capacity double precision not null,
  level double precision not null,
  settled_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
create index rate_buckets_settled_at on rate_buckets (settled_at);
alter table rate_buckets enable row level security;
alter table rate_buckets force row level security;
create policy system_functions on rate_buckets for all to pw_system using (true) with check (true);
grant select, insert, update, delete on rate_buckets to pw_system;

-- Takes what was spent from each bucket, which fills up again to its capacity in the course of a window, and answers what
-- is left. Locks in the order of the keys, so that processes wait for each other and never in a circle.
create function settle_rate_buckets(keys bytea[], spent double precision[], capacities double precision[], window_ms integer)
  returns table (key bytea, remaining double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  if random() < 0.01 then -- one in a hundred tidies up: a bucket left alone for two windows is full
    delete from rate_buckets where bucket in (
      select b.bucket from rate_buckets b
      where b.settled_at < clock_timestamp() - 2 * window_ms * interval '1 millisecond'
      limit 1000 for update skip locked);
  end if;
  return query
    insert into rate_buckets as b (bucket, capacity, level)
    select s.key, s.capacity, s.capacity - s.spent
    from unnest(keys, spent, capacities) as s (key, spent, capacity) order by s.key
    on conflict (bucket) do update set
      capacity = excluded.capacity,
      level = least(
          excluded.capacity,
          b.level + excluded.capacity * extract(epoch from clock_timestamp() - b.settled_at) * 1000 / window_ms)
        - (excluded.capacity - excluded.level), -- what was spent
      settled_at = clock_timestamp()
    returning b.bucket, b.level;
end $$;

-- Told after commit to every API process, which then asks at once which of its open sockets still hold. A hint: the
-- processes also ask by themselves every moment.
create function tell_credentials_changed() returns trigger
  language plpgsql set search_path = pg_catalog, public
as $$
begin
  notify credentials;
  return null;
end $$;

create trigger session_revoked after update of revoked_at or delete on sessions
  for each statement execute function tell_credentials_changed();
create trigger api_key_revoked after update of revoked_at or delete on api_keys
  for each statement execute function tell_credentials_changed();
create trigger member_changed after update of roles or delete on memberships
  for each statement execute function tell_credentials_changed();

do $$
declare
  signature constant text := 'settle_rate_buckets(bytea[], double precision[], double precision[], integer)';
begin
  execute format('alter function %s owner to pw_system', signature);
  execute format('revoke all on function %s from public', signature);
  execute format('grant execute on function %s to pw_app', signature);
end $$;
