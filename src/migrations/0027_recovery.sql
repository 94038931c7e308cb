-- Recovery of a forgotten password: one token a person, used once, soon over. As before, no secret can be read by pw_app.
--
-- An operator may issue one for anybody. An administrator may where it gives them nothing: that is decided by one rule,
-- when a token is issued and again when it is used, because both people may have changed in between.

create table password_resets (
  user_id uuid primary key references users (id) on delete cascade, -- one a person: the next takes its place
  token_hash bytea not null unique check (octet_length(token_hash) = 32), -- sha256 of the token
  issued_in uuid references tenants (id) on delete cascade, -- the administrator's tenant; null: by the operator
  issued_by uuid references users (id) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz, -- kept, so that a second use is known for one
  check ((issued_in is null) = (issued_by is null))
);
create index password_resets_issuer on password_resets (issued_by);
alter table password_resets enable row level security;
alter table password_resets force row level security;
create policy system_functions on password_resets for all to pw_system using (true) with check (true);
grant select, insert, update, delete on password_resets to pw_system;

alter table audit_entries
  drop constraint audit_entries_actor_kind_check,
  add constraint audit_entries_actor_kind_check
    check (actor_kind in ('USER', 'API_KEY', 'WORKER', 'LINK', 'NOBODY', 'OPERATOR'));

create function role_rank(roles text[]) returns integer
  language sql immutable set search_path = pg_catalog, public
as $$
  select max(array_position(array['VIEWER', 'RESEARCHER', 'ADMIN', 'OWNER'], r)) from unnest(roles) r
$$;

-- Why this administrator may not let this person have a new password; null when they may.
--   RANK     not an administrator of the tenant, or not above the person there
--   GUARDED  the account opens more than the administrator may see: another tenant, the word of another issuer, or
--            PRIVATE projects (which owners see anyway)
create function password_reset_obstacle(tenant uuid, issuer uuid, person uuid) returns text
  language plpgsql stable set search_path = pg_catalog, public
as $$
declare
  issuer_rank constant integer := (
    select role_rank(m.roles) from memberships m where m.tenant_id = tenant and m.user_id = issuer);
  person_rank constant integer := (
    select role_rank(m.roles) from memberships m where m.tenant_id = tenant and m.user_id = person);
begin
  return case
    when (issuer_rank >= role_rank('{ADMIN}') and issuer_rank > person_rank) is not true then 'RANK'
    when exists (select 1 from memberships m where m.user_id = person and m.tenant_id <> tenant)
      or exists (select 1 from external_identities e where e.user_id = person)
      or issuer_rank < role_rank('{OWNER}') and exists (
        select 1 from projects p where p.tenant_id = tenant and p.owner_id = person and p.visibility = 'PRIVATE')
      then 'GUARDED'
  end;
end $$;

create function password_reset_holds(reset password_resets, at timestamptz) returns boolean
  language sql stable set search_path = pg_catalog, public
as $$
  select reset.used_at is null and reset.expires_at > at and (
    reset.issued_in is null or password_reset_obstacle(reset.issued_in, reset.issued_by, reset.user_id) is null)
$$;

create function put_password_reset(person uuid, reset_hash bytea, tenant uuid, issuer uuid, ends_at timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, public
as $$
begin
  perform 1 from users u where u.id = person for update; -- before the token's row, as reset_password does
  insert into password_resets (user_id, token_hash, issued_in, issued_by, expires_at)
    values (person, reset_hash, tenant, issuer, ends_at)
  on conflict (user_id) do update set
    token_hash = excluded.token_hash, issued_in = excluded.issued_in, issued_by = excluded.issued_by,
    expires_at = excluded.expires_at, used_at = null;
end $$;

-- Done to a person by somebody who is no member: recorded in every tenant that the person is a member of.
create function record_of_person(person uuid, done text, kind text, facts jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, public
as $$
declare
  member record;
  e audit_entries;
begin
  for member in select m.tenant_id from memberships m where m.user_id = person order by m.tenant_id loop
    e.tenant_id := member.tenant_id;
    e.action := done;
    e.actor_kind := kind;
    e.target_type := 'User';
    e.target_id := person::text;
    e.metadata := facts;
    perform append_audit_entry(e);
  end loop;
end $$;

-- By whoever is signed in. Answers what password_reset_obstacle does; null: it is issued.
create function issue_password_reset(person uuid, reset_hash bytea, ends_at timestamptz) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  obstacle constant text := password_reset_obstacle(tenant, me(), person);
begin
  if obstacle is null then perform put_password_reset(person, reset_hash, tenant, me(), ends_at); end if;
  return obstacle;
end $$;

-- By whoever has the owner's connection, for any address. Null when it has no account. (row_security: pw_owner has it off.)
create function issue_password_reset_as_operator(address text, reset_hash bytea, ends_at timestamptz) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public set row_security = on
as $$
declare
  person constant uuid := (select u.id from users u where lower(u.email) = lower(address));
begin
  if person is null then return null; end if;
  perform put_password_reset(person, reset_hash, null, null, ends_at);
  perform record_of_person(person, 'PASSWORD_RESET_ISSUED', 'OPERATOR', jsonb_build_object('expiresAt', ends_at));
  return person;
end $$;

-- Whose the token is, and whether it still holds; no row for one that is unknown or was replaced.
create function password_reset_lookup(reset_hash bytea, at timestamptz)
  returns table (user_id uuid, email text, holds boolean)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select u.id, u.email, password_reset_holds(r, at)
    from password_resets r join users u on u.id = r.user_id where r.token_hash = reset_hash;
end $$;

-- Uses the token up, sets the password, ends all sessions of the person and what was begun with the old password. The
-- second factor stays. False when the token does not hold any more. The person's row is locked first: who is accepting an
-- invitation elsewhere waits, or is seen.
create function reset_password(reset_hash bytea, at timestamptz, new_hash text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  person constant uuid := (select r.user_id from password_resets r where r.token_hash = reset_hash);
begin
  perform 1 from users u where u.id = person for update;
  update password_resets r set used_at = at where r.token_hash = reset_hash and password_reset_holds(r, at);
  if not found then return false; end if;
  update users u set password_hash = new_hash where u.id = person;
  perform end_sessions(person, null);
  delete from mfa_challenges c where c.user_id = person;
  perform record_of_person(person, 'PASSWORD_RESET', 'LINK', '{}');
  return true;
end $$;

-- As before; a recovery token that is out ends with the old password too.
create or replace function set_my_password(old_hash text, new_hash text, kept_session uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update users u set password_hash = new_hash where u.id = me() and u.password_hash is not distinct from old_hash;
  if not found then return false; end if;
  perform end_sessions(me(), kept_session);
  delete from mfa_challenges c where c.user_id = me();
  delete from password_resets r where r.user_id = me();
  return true;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'role_rank(text[])',
    'password_reset_obstacle(uuid, uuid, uuid)',
    'password_reset_holds(password_resets, timestamptz)',
    'put_password_reset(uuid, bytea, uuid, uuid, timestamptz)',
    'record_of_person(uuid, text, text, jsonb)',
    'issue_password_reset_as_operator(text, bytea, timestamptz)', -- pw_owner may, as a member of pw_system
    'issue_password_reset(uuid, bytea, timestamptz)',
    'password_reset_lookup(bytea, timestamptz)',
    'reset_password(bytea, timestamptz, text)'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
  end loop;
  foreach signature in array array[
    'issue_password_reset(uuid, bytea, timestamptz)',
    'password_reset_lookup(bytea, timestamptz)',
    'reset_password(bytea, timestamptz, text)'
  ] loop
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;
