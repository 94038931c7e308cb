-- What many processes and large libraries need: lanes that workers share, and segments of the evidence index.

-- Ways to services outside that all workers share: one request at a time, a distance between them, and pauses that a
-- service asks for, whichever process asks. Times are the database's. Unlogged: after a crash of the server nobody is under
-- way, and at worst one distance is not kept.
create unlogged table lanes (
  name text primary key check (char_length(name) <= 300), -- of the host
  opens_at timestamptz not null, -- nobody goes before
  holder uuid not null, -- who went last
  held_until timestamptz not null -- the holder's lease: past, when it has left
);
alter table lanes enable row level security;
alter table lanes force row level security;
create policy system_functions on lanes for all to pw_system using (true) with check (true);
grant select, insert, update, delete on lanes to pw_system;

-- Takes the lane, or renews the lease of who has it: wait_ms is 0 then. Else it says for how long the lane stays closed at
-- least; while somebody else is under way (`occupied`) that is not known.
create function enter_lane(lane text, who uuid, lease_ms integer, out wait_ms integer, out occupied boolean)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  lease constant timestamptz := clock_timestamp() + lease_ms * interval '1 millisecond';
  found_lane lanes;
begin
  insert into lanes as l (name, opens_at, holder, held_until) values (lane, clock_timestamp(), who, lease)
  on conflict (name) do update set holder = who, held_until = lease
    where (l.holder = who and l.held_until > clock_timestamp())
       or (l.opens_at <= clock_timestamp() and l.held_until <= clock_timestamp());
  wait_ms := 0;
  occupied := false;
  if found then return; end if;
  select * into found_lane from lanes where name = lane;
  occupied := found_lane.held_until > clock_timestamp();
  wait_ms := greatest(1, ceil(extract(epoch from found_lane.opens_at - clock_timestamp()) * 1000)::integer);
end $$;

-- Closes the lane for some time, for everybody; who has it may give it back. Lanes that nobody has used for a day go.
create function close_lane(lane text, who uuid, closed_ms integer, gives_back boolean) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  opens constant timestamptz := clock_timestamp() + closed_ms * interval '1 millisecond';
begin
  insert into lanes as l (name, opens_at, holder, held_until) values (lane, opens, who, clock_timestamp())
  on conflict (name) do update set
    opens_at = greatest(l.opens_at, opens),
    held_until = case when gives_back and l.holder = who then clock_timestamp() else l.held_until end;
  delete from lanes l
    where l.opens_at < clock_timestamp() - interval '1 day' and l.held_until < clock_timestamp() - interval '1 day';
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array['enter_lane(text, uuid, integer)', 'close_lane(text, uuid, integer, boolean)'] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;

-- Segments: the postings of many sources of a project, written a second time so that a question reads little. A list
-- holds every snippet of the segment with a term, four bytes each: its place in the segment and what the term counts there
-- (src/evidence/segments/). Sources that are in no segment yet are searched through their postings.
create table index_segments (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  snippets integer not null, -- places 0 … snippets - 1
  body_length bigint not null, -- index terms of all of them
  method text not null, -- name@version of what the lists hold
  made_at timestamptz not null default now(),
  unique (tenant_id, project_id, id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
call secure_tenant_table('index_segments', project_column => 'project_id', app_privileges => 'select, insert, delete');

create table segment_lists (
  tenant_id uuid not null,
  project_id uuid not null,
  term text not null,
  segment_id uuid not null,
  snippets integer not null, -- entries of the list
  list bytea not null, -- place * 256 + impact, big-endian, in no order
  primary key (tenant_id, project_id, term, segment_id),
  foreign key (tenant_id, project_id, segment_id) references index_segments (tenant_id, project_id, id) on delete cascade
);
alter table segment_lists alter column list set storage external; -- compressing costs more than it saves
-- For the cascade. The segment leads, so that no search ever takes this index for the primary key's prefix.
create index segment_lists_segment on segment_lists (segment_id, tenant_id, project_id);
call secure_tenant_table('segment_lists', project_column => 'project_id', app_privileges => 'select, insert, delete');

alter table sources
  add column segment_id uuid, -- null: not in one yet
  add column segment_place integer, -- of its first snippet
  add foreign key (tenant_id, project_id, segment_id) references index_segments (tenant_id, project_id, id)
    on delete set null (segment_id) not valid; -- no row has one; checking would be held up by row security
create index sources_segment on sources (tenant_id, project_id, segment_id, segment_place) include (snippet_count);
