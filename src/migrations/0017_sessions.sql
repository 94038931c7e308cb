-- Sessions that are renewed, API keys with scopes and an end, and people whom another issuer vouches for.
--
-- A session is a family of refresh tokens: each is used once and then has one successor. The newest has rotated_at null.
-- Access tokens name the session and are stored nowhere. Functions answer moments as milliseconds of Unix time. Sessions of before cannot be renewed and end here.

truncate sessions;
alter table sessions drop column token_hash;
drop function open_session(uuid, uuid, uuid, bytea, timestamptz);
drop function authenticate_session(bytea);
drop function authenticate_api_key(bytea);
drop function live_credentials(uuid[]);
drop function lost_access(uuid[], uuid[], uuid[], text[], uuid[]);

create table refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32), -- HMAC-SHA256: src/identity/tokens/refresh-token.ts
  tenant_id uuid not null,
  session_id uuid not null,
  issued_at timestamptz not null default clock_timestamp(),
  rotated_at timestamptz, -- when it was exchanged for its successor
  foreign key (tenant_id, session_id) references sessions (tenant_id, id) on delete cascade
);
create unique index refresh_tokens_current on refresh_tokens (tenant_id, session_id) where rotated_at is null;
create index refresh_tokens_session on refresh_tokens (tenant_id, session_id, issued_at);
call secure_tenant_table('refresh_tokens', system_access => 'all', app_privileges => 'select (session_id, issued_at, rotated_at)');

alter table api_keys
  add column scopes text[] not null default '{READ,ARTIFACTS_READ,PROJECTS_WRITE,PAPERS_WRITE,RUNS_WRITE,ADMIN}' check (
    'READ' = any (scopes)
    and scopes <@ array['READ', 'ARTIFACTS_READ', 'PROJECTS_WRITE', 'PAPERS_WRITE', 'RUNS_WRITE', 'ADMIN']::text[]),
  add column expires_at timestamptz; -- null: until revoked
alter table api_keys alter column scopes drop default; -- those of before could do all
grant select (scopes, expires_at) on api_keys to pw_app;

-- Somebody known to another issuer, as a member of a tenant. The same subject is the same person in every tenant. The row
-- outlives the membership: who was removed does not come back with the next token. `id` is what open sockets are checked
-- by, and is another one after signing out everywhere.
create table external_identities (
  id uuid primary key,
  tenant_id uuid not null references tenants (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  issuer text not null check (char_length(issuer) between 1 and 500),
  subject text not null check (char_length(subject) between 1 and 255),
  created_at timestamptz not null default now(),
  signed_out_at timestamptz, -- tokens issued up to then no longer hold
  unique (tenant_id, id),
  unique (issuer, subject, tenant_id)
);
create index external_identities_person on external_identities (user_id);
create index sessions_person on sessions (user_id);
call secure_tenant_table('external_identities', system_access => 'all',
  app_privileges => 'select (id, tenant_id, user_id, issuer, subject, created_at)');

alter table users alter column password_hash drop not null; -- null: signs in elsewhere

create function open_session(
  session_id uuid, session_tenant uuid, session_user_id uuid, refresh_hash bytea, lifetime_ms double precision)
  returns table (roles text[], expires_ms double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  ends_at constant timestamptz := clock_timestamp() + lifetime_ms * interval '1 millisecond';
begin
  delete from sessions s
    where s.tenant_id = session_tenant and s.user_id = session_user_id and s.expires_at < now() - interval '30 days';
  insert into sessions (id, tenant_id, user_id, expires_at) values (session_id, session_tenant, session_user_id, ends_at);
  insert into refresh_tokens (token_hash, tenant_id, session_id) values (refresh_hash, session_tenant, session_id);
  return query
    select m.roles, (extract(epoch from ends_at) * 1000)::double precision from memberships m where m.tenant_id = session_tenant and m.user_id = session_user_id;
end $$;

-- Exchanges a refresh token. `given`: its hash under each secret. Answers no row for a token that is unknown, or whose
-- session has ended; otherwise the session and what became of the token:
--   ROTATED   its successor is the newest of the family now
--   REPEATED  it was, within the grace, and the successor is still unused: the same one is given again
--   REUSED    it was exchanged before: somebody has a copy. The session is ended
-- The session's row is locked first, so that renewals of one family happen one after the other.
create function rotate_refresh_token(
  given bytea[], successor bytea, lifetime_ms double precision, longest_ms double precision, grace_ms double precision)
  returns table (outcome text, session_id uuid, tenant_id uuid, user_id uuid, roles text[], expires_ms double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  session sessions;
  token refresh_tokens;
  verdict text;
begin
  select s.* into session from sessions s join refresh_tokens t on t.tenant_id = s.tenant_id and t.session_id = s.id
    where t.token_hash = any (given) for update of s;
  if not found or session.revoked_at is not null or session.expires_at <= clock_timestamp() then return; end if;
  select t.* into token from refresh_tokens t where t.token_hash = any (given);
  if token.rotated_at is null then
    update refresh_tokens t set rotated_at = clock_timestamp() where t.token_hash = token.token_hash;
    insert into refresh_tokens (token_hash, tenant_id, session_id) values (successor, session.tenant_id, session.id);
    session.expires_at := least(
      clock_timestamp() + lifetime_ms * interval '1 millisecond',
      session.created_at + longest_ms * interval '1 millisecond');
    update sessions s set expires_at = session.expires_at where s.id = session.id;
    delete from refresh_tokens t
      where t.tenant_id = session.tenant_id and t.session_id = session.id
        and t.rotated_at < clock_timestamp() - longest_ms * interval '1 millisecond';
    verdict := 'ROTATED';
  elsif token.rotated_at > clock_timestamp() - grace_ms * interval '1 millisecond' and exists (
    select 1 from refresh_tokens t where t.token_hash = successor and t.session_id = session.id and t.rotated_at is null)
  then
    verdict := 'REPEATED';
  else
    update sessions s set revoked_at = now() where s.id = session.id;
    verdict := 'REUSED';
  end if;
  return query
    select verdict, session.id, session.tenant_id, session.user_id, m.roles,
      (extract(epoch from session.expires_at) * 1000)::double precision
    from memberships m where m.tenant_id = session.tenant_id and m.user_id = session.user_id;
end $$;

-- Ends the sessions of a person in every tenant, and what other issuers have vouched for so far. Answers how many ended.
create function end_sessions(person uuid, kept_session uuid) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  ended integer;
begin
  update sessions s set revoked_at = now()
    where s.user_id = person and s.id is distinct from kept_session and s.revoked_at is null and s.expires_at > now();
  get diagnostics ended = row_count;
  update external_identities e set id = gen_random_uuid(), signed_out_at = clock_timestamp() where e.user_id = person;
  return ended;
end $$;

-- The three below answer no row for a credential that is unknown, has ended or was revoked.
create function authenticate_session(session uuid)
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select s.id, s.tenant_id, s.user_id, m.roles
    from sessions s join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    where s.id = session and s.revoked_at is null and s.expires_at > now();
end $$;

create function authenticate_api_key(key_hash bytea)
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[], scopes text[], expires_ms double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update api_keys k set last_used_at = date_trunc('minute', now())
    where k.secret_hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
      and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
  return query
    select k.id, k.tenant_id, k.created_by, m.roles, k.scopes, (extract(epoch from k.expires_at) * 1000)::double precision
    from api_keys k join memberships m on m.tenant_id = k.tenant_id and m.user_id = k.created_by
    where k.secret_hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
end $$;

create function authenticate_external(token_issuer text, token_subject text, tenant uuid, issued_at timestamptz)
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select e.id, e.tenant_id, e.user_id, m.roles
    from external_identities e join memberships m on m.tenant_id = e.tenant_id and m.user_id = e.user_id
    where e.issuer = token_issuer and e.subject = token_subject and e.tenant_id = tenant
      and (e.signed_out_at is null or e.signed_out_at < issued_at);
end $$;

-- Makes somebody a member, the first time another issuer vouches for them in a tenant; changes nothing the second time.
-- False when there is no such tenant. The account is a new one, whatever address it is given: nobody who has registered
-- that address before gets into it.
create function admit_external(
  token_issuer text, token_subject text, tenant uuid, new_id uuid, new_user_id uuid, membership_id uuid,
  address text, person_name text, member_roles text[])
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  person uuid;
begin
  perform 1 from tenants t where t.id = tenant;
  if not found then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended(token_issuer || ' ' || token_subject, 0));
  if exists (
    select 1 from external_identities e
    where e.issuer = token_issuer and e.subject = token_subject and e.tenant_id = tenant)
  then return true; end if;
  select e.user_id into person from external_identities e
    where e.issuer = token_issuer and e.subject = token_subject limit 1;
  if person is null then
    insert into users (id, email, display_name) values (new_user_id, address, person_name);
    person := new_user_id;
  end if;
  insert into memberships (id, tenant_id, user_id, roles) values (membership_id, tenant, person, member_roles)
    on conflict (tenant_id, user_id) do nothing;
  insert into external_identities (id, tenant_id, user_id, issuer, subject)
    values (new_id, tenant, person, token_issuer, token_subject);
  return true;
end $$;

-- For local identities (src/identity/sessions/local-identity.ts), whose tenants are made as they are named.
create function open_local_tenant(tenant uuid, tenant_name text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into tenants (id, name) values (tenant, tenant_name) on conflict (id) do nothing;
end $$;

-- Which of these sessions, keys and external identities still hold, and with which roles of the member: asked for all
-- open sockets at once.
create function live_credentials(ids uuid[])
  returns table (credential_id uuid, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select s.id, m.roles
    from sessions s join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    where s.id = any (ids) and s.revoked_at is null and s.expires_at > now()
    union all
    select k.id, m.roles
    from api_keys k join memberships m on m.tenant_id = k.tenant_id and m.user_id = k.created_by
    where k.id = any (ids) and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    union all
    select e.id, m.roles
    from external_identities e join memberships m on m.tenant_id = e.tenant_id and m.user_id = e.user_id
    where e.id = any (ids);
end $$;

-- Of open subscriptions, given column by column, answers the positions (from 1) of those that have lost their right, and
-- which: CREDENTIAL, ROLES or RUN.
--   roles_then: the member's, as they were when it began, sorted, joined by commas
--   sees_private: whether the credential sees PRIVATE projects of others    runs_followed: the run, or null
create function lost_access(
  tenants uuid[], users uuid[], credentials uuid[], roles_then text[], sees_private boolean[], runs_followed uuid[])
  returns table (place bigint, loss text)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select checked.ordinality, checked.loss
    from (
      select o.ordinality, case
        when not exists (
          select 1 from sessions s
          where s.id = o.credential and s.tenant_id = o.tenant and s.revoked_at is null and s.expires_at > clock_timestamp()
          union all
          select 1 from api_keys k
          where k.id = o.credential and k.tenant_id = o.tenant and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > clock_timestamp())
          union all
          select 1 from external_identities e where e.id = o.credential and e.tenant_id = o.tenant)
          then 'CREDENTIAL'
        when not exists (
          select 1 from memberships m
          where m.tenant_id = o.tenant and m.user_id = o.person
            and (select string_agg(r, ',' order by r collate "C") from unnest(m.roles) r) = o.roles_before)
          then 'ROLES'
        when o.run is not null and not exists (
          select 1 from runs r join projects p on p.tenant_id = r.tenant_id and p.id = r.project_id
          where r.id = o.run and r.tenant_id = o.tenant
            and (p.visibility = 'TENANT' or p.owner_id = o.person or o.sees_all))
          then 'RUN'
      end as loss
      from unnest(tenants, users, credentials, roles_then, sees_private, runs_followed)
           with ordinality as o (tenant, person, credential, roles_before, sees_all, run, ordinality)
    ) checked
    where checked.loss is not null;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'open_session(uuid, uuid, uuid, bytea, double precision)',
    'rotate_refresh_token(bytea[], bytea, double precision, double precision, double precision)',
    'end_sessions(uuid, uuid)',
    'authenticate_session(uuid)',
    'authenticate_api_key(bytea)',
    'authenticate_external(text, text, uuid, timestamptz)',
    'admit_external(text, text, uuid, uuid, uuid, uuid, text, text, text[])',
    'open_local_tenant(uuid, text)',
    'live_credentials(uuid[])',
    'lost_access(uuid[], uuid[], uuid[], text[], boolean[], uuid[])'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;
