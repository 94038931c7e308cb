-- The audit log: who did what, appended in the transaction of the change itself, a hash chain a tenant.
--
-- Nobody changes it. No role of the product holds UPDATE, DELETE or TRUNCATE on the entries, not even the one that owns
-- the table; triggers refuse what a grant would let through; and rows are inserted by append_audit_entry alone. The log
-- outlives what it speaks of: it names users, runs and projects without referring to them. It refers to its tenant
-- without a cascade, so a tenant that has a log cannot be deleted (docs/security.md says how its operator may).

create table audit_entries (
  tenant_id uuid not null references tenants (id),
  seq integer not null check (seq > 0), -- dense within the tenant: 1, 2, 3 …
  at timestamptz not null, -- never before the entry before it
  action text not null check (action ~ '^[A-Z_]{3,40}$'), -- the closed list is src/identity/audit/audit-action.ts
  actor_kind text not null check (actor_kind in ('USER', 'API_KEY', 'WORKER', 'LINK', 'NOBODY')),
  actor_id uuid, -- the person; of an API key its maker
  credential_id uuid, -- the session or API key
  run_id uuid, -- of the run on whose behalf a worker did it
  target_type text check (target_type ~ '^[A-Za-z]{3,40}$'),
  target_id text check (char_length(target_id) <= 100), -- a uuid, or the sha256 of a blob
  ip text,
  user_agent text,
  request_id text,
  metadata jsonb not null check (octet_length(metadata::text) <= 8192), -- 8 KiB: facts, no content
  prev_hash bytea not null check (octet_length(prev_hash) = 32), -- of the entry before; zeros for the first
  hash bytea not null check (octet_length(hash) = 32),
  primary key (tenant_id, seq)
);
create index audit_entries_by_actor on audit_entries (tenant_id, actor_id, seq);
create index audit_entries_by_target on audit_entries (tenant_id, target_id, seq);
create index audit_entries_by_action on audit_entries (tenant_id, action, seq);
call secure_tenant_table('audit_entries', app_privileges => 'select');
create policy system_reads on audit_entries for select to pw_system using (true);
create policy system_appends on audit_entries for insert to pw_system with check (true);
grant select, insert on audit_entries to pw_system;
revoke update, delete, truncate on audit_entries from pw_owner;

-- Where each chain ends. Its row lock is what orders the entries of a tenant.
create table audit_heads (
  tenant_id uuid primary key references tenants (id),
  seq integer not null,
  at timestamptz not null,
  hash bytea not null check (octet_length(hash) = 32)
);
call secure_tenant_table('audit_heads', app_privileges => 'select');
create policy system_reads on audit_heads for select to pw_system using (true);
create policy system_begins on audit_heads for insert to pw_system with check (true);
create policy system_moves on audit_heads for update to pw_system using (true) with check (true);
grant select, insert, update on audit_heads to pw_system;
revoke update, delete, truncate on audit_heads from pw_owner;

create function refuse_audit_change() returns trigger language plpgsql set search_path = pg_catalog, public
as $$
begin
  raise exception 'The audit log is append-only: % on % is refused.', tg_op, tg_table_name using errcode = '42501';
end $$;
create trigger append_only before update or delete on audit_entries for each row execute function refuse_audit_change();
create trigger never_emptied before truncate on audit_entries for each statement execute function refuse_audit_change();
create trigger never_deleted before delete on audit_heads for each row execute function refuse_audit_change();
create trigger never_emptied before truncate on audit_heads for each statement execute function refuse_audit_change();
create trigger one_step_at_a_time before update on audit_heads for each row
  when (new.tenant_id <> old.tenant_id or new.seq <> old.seq + 1) execute function refuse_audit_change();

-- What an entry's hash is taken of: its fields as text, each with its length in bytes before it, so that no two entries
-- read the same. src/identity/audit/entry-hash.ts computes the same without the database's help.
create function audit_entry_text(e audit_entries) returns text
  language sql immutable set search_path = pg_catalog, public
as $$
  select string_agg(case when field is null then '-' else octet_length(field) || ':' || field end, ',' order by place)
  from unnest(array[
    'paperwright-audit-1', e.tenant_id::text, e.seq::text, (extract(epoch from e.at) * 1000000)::bigint::text,
    e.action, e.actor_kind, e.actor_id::text, e.credential_id::text, e.run_id::text, e.target_type, e.target_id,
    e.ip, e.user_agent, e.request_id, e.metadata::text, encode(e.prev_hash, 'hex')
  ]) with ordinality fields (field, place)
$$;

-- Appends one entry. Takes the row lock of the tenant's head until the transaction ends: callers do it last.
create function append_audit_entry(e audit_entries) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  head audit_heads;
  origin jsonb := coalesce(nullif(current_setting('app.origin', true), '')::jsonb, '{}');
begin
  loop
    select * into head from audit_heads h where h.tenant_id = e.tenant_id for no key update;
    exit when found;
    insert into audit_heads (tenant_id, seq, at, hash)
      values (e.tenant_id, 0, '-infinity', decode(repeat('00', 32), 'hex')) on conflict do nothing;
  end loop;
  e.seq := head.seq + 1;
  e.at := greatest(head.at, clock_timestamp());
  e.ip := left(origin ->> 'ip', 64);
  e.user_agent := left(origin ->> 'userAgent', 400);
  e.request_id := left(origin ->> 'requestId', 128);
  e.metadata := coalesce(e.metadata, '{}');
  e.prev_hash := head.hash;
  e.hash := sha256(convert_to(audit_entry_text(e), 'UTF8'));
  insert into audit_entries select e.*;
  update audit_heads h set seq = e.seq, at = e.at, hash = e.hash where h.tenant_id = e.tenant_id;
  return e.seq;
end $$;

-- Records entries of the current tenant, in the name of whoever the transaction acts for: a person, an API key, or
-- nobody, when a worker does it for the run it names. `entries`: [{action, targetType, targetId, runId, metadata}].
-- `proven` overrules the transaction, where somebody enters a tenant (registering, signing in, joining): a member who has
-- proven to be so, {tenantId, userId, credentialId}. `kind` overrules what is found out, for links.
create function record_audit(entries jsonb, proven jsonb default null, kind text default null) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  entered uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  draft jsonb;
  e audit_entries;
begin
  if proven is null then
    e.tenant_id := entered;
    e.actor_id := nullif(current_setting('app.user', true), '')::uuid;
    e.credential_id := (nullif(current_setting('app.origin', true), '')::jsonb ->> 'credentialId')::uuid;
  else
    e.tenant_id := (proven ->> 'tenantId')::uuid;
    e.actor_id := (proven ->> 'userId')::uuid;
    e.credential_id := (proven ->> 'credentialId')::uuid;
  end if;
  if e.tenant_id is null or proven is not null and not exists (
    select 1 from memberships m where m.tenant_id = e.tenant_id and m.user_id = e.actor_id)
  then
    raise exception 'record_audit: an entry belongs to the tenant of its transaction, or to one of the member' using errcode = '42501';
  end if;
  for draft in select value from jsonb_array_elements(entries) loop
    e.action := draft ->> 'action';
    e.target_type := draft ->> 'targetType';
    e.target_id := draft ->> 'targetId';
    e.run_id := (draft ->> 'runId')::uuid;
    e.metadata := draft -> 'metadata';
    e.actor_kind := case
      when kind is not null then kind
      when e.actor_id is null then case when e.run_id is null then 'NOBODY' else 'WORKER' end
      when exists (select 1 from api_keys k where k.id = e.credential_id) then 'API_KEY'
      else 'USER' end;
    perform append_audit_entry(e);
  end loop;
end $$;

-- Someone failed to prove to be this person. Recorded in every tenant that the person is a member of; answers in how
-- many. Commits without waiting for the disk, and does the same work for nobody: what it takes must not tell whether
-- there is such an account.
create function record_sign_in_failure(attempted uuid, entry_metadata jsonb) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  member record;
  e audit_entries;
  recorded integer := 0;
begin
  set local synchronous_commit = off;
  for member in select m.tenant_id from memberships m where m.user_id = attempted order by m.tenant_id loop
    e.tenant_id := member.tenant_id;
    e.action := 'SIGN_IN_FAILED';
    e.actor_kind := 'NOBODY';
    e.target_type := 'User';
    e.target_id := attempted::text;
    e.metadata := entry_metadata;
    perform append_audit_entry(e);
    recorded := recorded + 1;
  end loop;
  return recorded;
end $$;

-- The heads of all tenants that have moved since, with the database's time: what the signing sweep goes by.
create function audit_heads_since(since timestamptz)
  returns table (tenant_id uuid, seq integer, at timestamptz, hash text, asked_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public
as $$
  select h.tenant_id, h.seq, h.at, encode(h.hash, 'hex'), now() from audit_heads h where h.at >= since order by h.tenant_id
$$;

-- Somebody whom another issuer vouches for is made a member when their token first comes: nobody else is there to say so.
create function record_external_member() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
  e audit_entries;
begin
  e.tenant_id := new.tenant_id;
  e.action := 'MEMBER_ADMITTED';
  e.actor_kind := 'USER';
  e.actor_id := new.user_id;
  e.credential_id := new.id;
  e.target_type := 'User';
  e.target_id := new.user_id;
  e.metadata := jsonb_build_object('issuer', left(new.issuer, 500), 'subject', left(new.subject, 500));
  perform append_audit_entry(e);
  return null;
end $$;
alter function record_external_member() owner to pw_system;
revoke all on function record_external_member() from public;
create trigger record_external_member after insert on external_identities
  for each row execute function record_external_member();

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'record_audit(jsonb, jsonb, text)', 'record_sign_in_failure(uuid, jsonb)', 'audit_heads_since(timestamptz)'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
  alter function append_audit_entry(audit_entries) owner to pw_system;
  revoke all on function append_audit_entry(audit_entries) from public;
end $$;
