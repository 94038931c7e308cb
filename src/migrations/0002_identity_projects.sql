-- Who people are, how they prove it, and the projects they own.
--
-- users is global (a person may belong to several tenants); everything else carries tenant_id. Secrets never leave the
-- database: pw_app has no right to read password_hash, token_hash or secret_hash. The functions at the end, owned by
-- pw_system, are the only way from a secret to a person, because they run before a tenant is known.

create table tenants (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 120),
  created_at timestamptz not null default now()
);
alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant on tenants for select to pw_app
  using (id = (select nullif(current_setting('app.tenant', true), '')::uuid));
create policy system_functions on tenants for all to pw_system using (true) with check (true);
grant select on tenants to pw_app;
grant select, insert on tenants to pw_system;

create table users (
  id uuid primary key,
  email text not null check (char_length(email) between 3 and 254), -- 254: RFC 5321 path length less the brackets
  display_name text not null check (char_length(display_name) between 1 and 120),
  password_hash text not null, -- argon2id, PHC string
  created_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));

create table memberships (
  id uuid primary key,
  tenant_id uuid not null references tenants (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  roles text[] not null check (
    cardinality(roles) >= 1 and roles <@ array['VIEWER', 'RESEARCHER', 'ADMIN', 'OWNER']::text[]),
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, user_id)
);
create index memberships_user on memberships (user_id, created_at);
call secure_tenant_table('memberships', system_access => 'all', app_privileges => 'select, update (roles)');

alter table users enable row level security;
alter table users force row level security;
create policy fellow_members on users for select to pw_app using (
  exists (
    select 1 from memberships m
    where m.user_id = users.id
      and m.tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)));
create policy system_functions on users for all to pw_system using (true) with check (true);
grant select (id, email, display_name, created_at) on users to pw_app;
grant select, insert on users to pw_system;

create table sessions (
  id uuid primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  token_hash bytea not null unique check (octet_length(token_hash) = 32), -- sha256 of the token
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references memberships (tenant_id, user_id) on delete cascade
);
create index sessions_member on sessions (tenant_id, user_id);
call secure_tenant_table('sessions', system_access => 'all',
  app_privileges => 'select (id, tenant_id, user_id, created_at, expires_at, revoked_at), update (revoked_at)');

create table api_keys (
  id uuid primary key,
  tenant_id uuid not null,
  created_by uuid not null, -- the key acts as this member, with the roles the member has at the time
  name text not null check (char_length(name) between 1 and 120),
  prefix text not null, -- the first characters of the key, to tell keys apart
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32), -- sha256 of the key
  created_at timestamptz not null default now(),
  last_used_at timestamptz, -- to the minute
  revoked_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, created_by) references memberships (tenant_id, user_id) on delete cascade
);
create index api_keys_member on api_keys (tenant_id, created_by);
call secure_tenant_table('api_keys', system_access => 'all',
  app_privileges =>
    'select (id, tenant_id, created_by, name, prefix, created_at, last_used_at, revoked_at), insert, update (revoked_at)');

create table projects (
  id uuid primary key,
  tenant_id uuid not null references tenants (id) on delete cascade,
  owner_id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  visibility text not null default 'TENANT' check (visibility in ('TENANT', 'PRIVATE')),
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  last_activity_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, owner_id) references memberships (tenant_id, user_id)
);
create index projects_private on projects (tenant_id, owner_id) where visibility = 'PRIVATE';
call secure_tenant_table('projects', project_column => 'id', system_access => 'select');

-- Attempts to sign in or register, by what they came from. No tenant is known yet, so no tenant column: the key is a
-- hash. Unlogged: after a crash everyone starts with a clean slate, and no attempt costs a WAL flush.
create unlogged table sign_in_attempts (
  bucket bytea primary key,
  window_ends_at timestamptz not null,
  attempts integer not null
);
alter table sign_in_attempts enable row level security;
alter table sign_in_attempts force row level security;
create policy system_functions on sign_in_attempts for all to pw_system using (true) with check (true);
grant select, insert, update, delete on sign_in_attempts to pw_system;

-- Counts one attempt. Returns 0 when it is allowed, else the milliseconds until the window ends.
create function count_sign_in_attempt(bucket_key bytea, allowed integer, window_ms integer) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  seen sign_in_attempts;
begin
  insert into sign_in_attempts as a (bucket, window_ends_at, attempts)
  values (bucket_key, clock_timestamp() + window_ms * interval '1 millisecond', 1)
  on conflict (bucket) do update set
    attempts = case when a.window_ends_at < clock_timestamp() then 1 else a.attempts + 1 end,
    window_ends_at = case when a.window_ends_at < clock_timestamp() then excluded.window_ends_at else a.window_ends_at end
  returning * into seen;
  if seen.attempts <= allowed then return 0; end if;
  return greatest(1, ceil(extract(epoch from seen.window_ends_at - clock_timestamp()) * 1000)::integer);
end $$;

create function forget_sign_in_attempts(bucket_key bytea) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  delete from sign_in_attempts where bucket = bucket_key;
  delete from sign_in_attempts where window_ends_at < clock_timestamp() - interval '1 day';
end $$;

-- The password hash and the memberships (oldest first) of the person with this address; no row when there is none.
create function sign_in_lookup(address text)
  returns table (user_id uuid, password_hash text, tenant_ids uuid[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select u.id, u.password_hash, array_agg(m.tenant_id order by m.created_at, m.id)
    from users u join memberships m on m.user_id = u.id
    where lower(u.email) = lower(address)
    group by u.id;
end $$;

create function open_session(
  session_id uuid, session_tenant uuid, session_user_id uuid, session_token_hash bytea, session_expires_at timestamptz)
  returns table (roles text[])
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  delete from sessions s
    where s.tenant_id = session_tenant and s.user_id = session_user_id and s.expires_at < now() - interval '30 days';
  insert into sessions (id, tenant_id, user_id, token_hash, expires_at)
    values (session_id, session_tenant, session_user_id, session_token_hash, session_expires_at);
  return query select m.roles from memberships m where m.tenant_id = session_tenant and m.user_id = session_user_id;
end $$;

-- A new tenant with its first person as OWNER. Raises unique_violation when the address has an account.
create function register_account(
  new_tenant_id uuid, tenant_name text, new_user_id uuid, address text, person_name text, hash text, membership_id uuid)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into tenants (id, name) values (new_tenant_id, tenant_name);
  insert into users (id, email, display_name, password_hash) values (new_user_id, address, person_name, hash);
  insert into memberships (id, tenant_id, user_id, roles) values (membership_id, new_tenant_id, new_user_id, '{OWNER}');
end $$;

-- A new person in the caller's own tenant. Raises unique_violation when the address has an account.
create function add_member(
  new_user_id uuid, address text, person_name text, hash text, membership_id uuid, member_roles text[])
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into users (id, email, display_name, password_hash) values (new_user_id, address, person_name, hash);
  insert into memberships (id, tenant_id, user_id, roles)
    values (membership_id, nullif(current_setting('app.tenant', true), '')::uuid, new_user_id, member_roles);
end $$;

-- Both answer no row for an unknown, expired or revoked secret. Index: the unique one on the hash.
create function authenticate_session(secret_hash bytea)
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select s.id, s.tenant_id, s.user_id, m.roles
    from sessions s join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    where s.token_hash = secret_hash and s.revoked_at is null and s.expires_at > now();
end $$;

create function authenticate_api_key(key_hash bytea)
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[])
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update api_keys k set last_used_at = date_trunc('minute', now())
    where k.secret_hash = key_hash and k.revoked_at is null
      and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute');
  return query
    select k.id, k.tenant_id, k.created_by, m.roles
    from api_keys k join memberships m on m.tenant_id = k.tenant_id and m.user_id = k.created_by
    where k.secret_hash = key_hash and k.revoked_at is null;
end $$;

-- Which of these sessions and keys still hold, and with which roles: asked for all open sockets at once.
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
    where k.id = any (ids) and k.revoked_at is null;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'count_sign_in_attempt(bytea, integer, integer)',
    'forget_sign_in_attempts(bytea)',
    'sign_in_lookup(text)',
    'open_session(uuid, uuid, uuid, bytea, timestamptz)',
    'register_account(uuid, text, uuid, text, text, text, uuid)',
    'add_member(uuid, text, text, text, uuid, text[])',
    'authenticate_session(bytea)',
    'authenticate_api_key(bytea)',
    'live_credentials(uuid[])'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;
