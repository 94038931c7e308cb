-- Accounts: changed passwords, second factors, Google, invitations, leaving.
--
-- As before, no secret can be read by pw_app: it passes hashes in, or gets a sealed value out, through functions of
-- pw_system. Those that act for somebody signed in read app.user and app.tenant instead of taking an argument.

grant update (password_hash) on users to pw_system;

-- A membership is INVITED until somebody accepts it, and becomes theirs then.
alter table memberships
  alter column user_id drop not null,
  add column status text not null generated always as (case when user_id is null then 'INVITED' else 'ACTIVE' end) stored;

create table invitations (
  membership_id uuid primary key,
  tenant_id uuid not null,
  email text not null check (char_length(email) between 3 and 254),
  token_hash bytea not null unique check (octet_length(token_hash) = 32), -- sha256 of the token
  invited_by uuid not null references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  foreign key (tenant_id, membership_id) references memberships (tenant_id, id) on delete cascade
);
create unique index invitations_email on invitations (tenant_id, lower(email));
call secure_tenant_table('invitations', system_access => 'all',
  app_privileges => 'select (membership_id, tenant_id, email, invited_by, created_at, expires_at)');

-- What a person has begun stays when they leave the tenant.
alter table uploads
  drop constraint uploads_tenant_id_created_by_fkey,
  add foreign key (created_by) references users (id) not valid; -- the rows there named members, who are users; a check of them would run into row security
grant update (owner_id) on projects to pw_system;
create policy heirs on projects for update to pw_system using (true) with check (true);

create table second_factors (
  user_id uuid primary key references users (id) on delete cascade,
  sealed_secret bytea not null, -- src/identity/mfa/sealed-secret.ts
  digits smallint not null check (digits between 6 and 8), -- as the person's app was told, whatever is configured now
  period_seconds smallint not null check (period_seconds between 15 and 300),
  last_step bigint not null, -- the newest step whose code was taken: none up to it is taken again
  confirmed_at timestamptz -- null: begun only, asks for nothing yet
);
create table recovery_codes (
  user_id uuid not null references second_factors (user_id) on delete cascade,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  primary key (user_id, code_hash)
);
create table mfa_challenges (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  tenant_id uuid not null references tenants (id) on delete cascade, -- the one to enter
  expires_at timestamptz not null,
  guesses smallint not null default 0
);
create index mfa_challenges_user on mfa_challenges (user_id);
create table google_accounts (
  subject text primary key check (char_length(subject) between 1 and 255), -- `sub`: https://developers.google.com/identity/openid-connect/openid-connect
  user_id uuid not null unique references users (id) on delete cascade,
  linked_at timestamptz not null default now()
);

do $$
declare
  name text;
begin
  foreach name in array array['second_factors', 'recovery_codes', 'mfa_challenges', 'google_accounts'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy system_functions on %I for all to pw_system using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to pw_system', name);
  end loop;
end $$;

create function me() returns uuid language sql stable set search_path = pg_catalog, public
  return nullif(current_setting('app.user', true), '')::uuid;

drop function sign_in_lookup(text);
drop function add_member(uuid, text, text, text, uuid, text[]);

-- passwords ---------------------------------------------------------------------------------------------------------------

-- The person with this address; no row when there is none. tenant_ids: oldest membership first, empty for who has left all.
create function sign_in_lookup(address text)
  returns table (user_id uuid, password_hash text, tenant_ids uuid[], second_factor boolean)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select u.id, u.password_hash,
      array(select m.tenant_id from memberships m where m.user_id = u.id order by m.created_at, m.id),
      exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed_at is not null)
    from users u where lower(u.email) = lower(address);
end $$;

create function my_password_hash() returns text
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return (select u.password_hash from users u where u.id = me());
end $$;

-- The same password, hashed with more work; nothing when it has been changed meanwhile.
create function rehash_password(person uuid, old_hash text, new_hash text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update users u set password_hash = new_hash where u.id = person and u.password_hash = old_hash;
end $$;

-- Ends all sessions of the person but one, in every tenant, and what was begun with the old password. False when the
-- password is no longer the one that was checked.
create function set_my_password(old_hash text, new_hash text, kept_session uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update users u set password_hash = new_hash where u.id = me() and u.password_hash is not distinct from old_hash;
  if not found then return false; end if;
  perform end_sessions(me(), kept_session);
  delete from mfa_challenges c where c.user_id = me();
  return true;
end $$;

create function create_account(new_user_id uuid, address text, person_name text, hash text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into users (id, email, display_name, password_hash) values (new_user_id, address, person_name, hash);
end $$;

-- What the signed-in person may know of how they sign in.
create function my_account()
  returns table (has_password boolean, google_linked boolean, mfa_enabled boolean, recovery_codes_left integer)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select u.password_hash is not null,
      exists (select 1 from google_accounts g where g.user_id = u.id),
      exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed_at is not null),
      (select count(*)::integer from recovery_codes r where r.user_id = u.id)
    from users u where u.id = me();
end $$;

-- Oldest membership first.
create function my_tenants() returns table (tenant_id uuid, name text, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select t.id, t.name, m.roles from memberships m join tenants t on t.id = m.tenant_id
    where m.user_id = me() order by m.created_at, m.id;
end $$;

-- second factors ----------------------------------------------------------------------------------------------------------

create function my_second_factor()
  returns table (sealed_secret bytea, digits smallint, period_seconds smallint, confirmed boolean)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select f.sealed_secret, f.digits, f.period_seconds, f.confirmed_at is not null
    from second_factors f where f.user_id = me();
end $$;

-- Replaces one that was only begun. False when there is a confirmed one.
create function begin_my_second_factor(sealed bytea, digit_count integer, seconds integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into second_factors as f (user_id, sealed_secret, digits, period_seconds, last_step)
  values (me(), sealed, digit_count, seconds, -1)
  on conflict (user_id) do update
    set sealed_secret = excluded.sealed_secret, digits = excluded.digits, period_seconds = excluded.period_seconds, last_step = -1
    where f.confirmed_at is null;
  return found;
end $$;

-- `sealed`: the secret the code was checked with, lest another enrolment has replaced it. False when it has, or when that
-- one is confirmed already.
create function confirm_my_second_factor(sealed bytea, step bigint, at timestamptz, code_hashes bytea[]) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update second_factors f set confirmed_at = at, last_step = step
    where f.user_id = me() and f.sealed_secret = sealed and f.confirmed_at is null;
  if not found then return false; end if;
  insert into recovery_codes (user_id, code_hash) select me(), unnest(code_hashes);
  return true;
end $$;

-- Takes a person's code of that step, or that recovery code, this once. False when it has been taken.
create function spend_code(person uuid, step bigint, recovery_hash bytea) returns boolean
  language plpgsql volatile set search_path = pg_catalog, public
as $$
begin
  if step is not null then
    update second_factors f set last_step = step
      where f.user_id = person and f.confirmed_at is not null and f.last_step < step;
  else
    delete from recovery_codes r where r.user_id = person and r.code_hash = recovery_hash;
  end if;
  return found;
end $$;

create function spend_my_code(step bigint, recovery_hash bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  return spend_code(me(), step, recovery_hash);
end $$;

create function replace_my_recovery_codes(code_hashes bytea[]) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  delete from recovery_codes r where r.user_id = me();
  insert into recovery_codes (user_id, code_hash) select me(), unnest(code_hashes);
end $$;

create function remove_my_second_factor() returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  delete from second_factors f where f.user_id = me();
  delete from mfa_challenges c where c.user_id = me();
end $$;

create function open_mfa_challenge(challenge_hash bytea, person uuid, tenant uuid, ends_at timestamptz, at timestamptz) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  delete from mfa_challenges c where c.user_id = person and c.expires_at <= at;
  insert into mfa_challenges (token_hash, user_id, tenant_id, expires_at) values (challenge_hash, person, tenant, ends_at);
end $$;

-- Counts a guess before the code is looked at. No row for a challenge that is unknown, over, or has had its guesses, or of
-- somebody who has left the tenant since.
create function guess_mfa_challenge(challenge_hash bytea, at timestamptz, allowed integer)
  returns table (user_id uuid, sealed_secret bytea, digits smallint, period_seconds smallint)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  return query
    update mfa_challenges c set guesses = c.guesses + 1
    from second_factors f
    where c.token_hash = challenge_hash and c.expires_at > at and c.guesses < allowed
      and f.user_id = c.user_id and f.confirmed_at is not null
      and exists (select 1 from memberships m where m.tenant_id = c.tenant_id and m.user_id = c.user_id)
    returning c.user_id, f.sealed_secret, f.digits, f.period_seconds;
end $$;

-- Takes the code and ends the challenge, both or neither. No row when either has been used.
create function pass_mfa_challenge(challenge_hash bytea, at timestamptz, step bigint, recovery_hash bytea)
  returns table (user_id uuid, tenant_id uuid)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  challenge mfa_challenges;
begin
  select c.* into challenge from mfa_challenges c where c.token_hash = challenge_hash and c.expires_at > at for update;
  if not found or not spend_code(challenge.user_id, step, recovery_hash) then return; end if;
  delete from mfa_challenges c where c.token_hash = challenge_hash;
  return query select challenge.user_id, challenge.tenant_id;
end $$;

-- Google ------------------------------------------------------------------------------------------------------------------

-- Who has linked this subject (user_id null: nobody), and whose the address is.
create function google_lookup(google_subject text, address text)
  returns table (user_id uuid, tenant_ids uuid[], second_factor boolean, address_user_id uuid)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select g.user_id,
      array(select m.tenant_id from memberships m where m.user_id = g.user_id order by m.created_at, m.id),
      exists (select 1 from second_factors f where f.user_id = g.user_id and f.confirmed_at is not null),
      (select u.id from users u where lower(u.email) = lower(address))
    from (select 1) always left join google_accounts g on g.subject = google_subject;
end $$;

-- Raises unique_violation when the subject is somebody else's or the person has linked another.
create function link_google_account(google_subject text, person uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  insert into google_accounts as g (subject, user_id) values (google_subject, person)
  on conflict (subject) do update set linked_at = g.linked_at where g.user_id = excluded.user_id;
  if not found then
    raise unique_violation using constraint = 'google_accounts_pkey', message = 'linked to another account';
  end if;
end $$;

-- False when it is the only way to sign in.
create function unlink_my_google_account() returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  perform 1 from users u where u.id = me() and u.password_hash is not null for update;
  if not found then return false; end if;
  delete from google_accounts g where g.user_id = me();
  return true;
end $$;

-- members -----------------------------------------------------------------------------------------------------------------

-- Invites an address to the current tenant; an invitation of it that is open ends. False when a member has that address.
create function invite_member(
  new_membership_id uuid, member_roles text[], address text, invitation_hash bytea, at timestamptz, ends_at timestamptz)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(tenant || lower(address), 0)); -- or two at once would find none to replace
  if exists (select 1 from memberships m join users u on u.id = m.user_id
             where m.tenant_id = tenant and lower(u.email) = lower(address)) then
    return false;
  end if;
  delete from memberships m using invitations i
    where i.tenant_id = tenant and lower(i.email) = lower(address) and m.tenant_id = tenant and m.id = i.membership_id;
  insert into memberships (id, tenant_id, roles) values (new_membership_id, tenant, member_roles);
  insert into invitations (membership_id, tenant_id, email, token_hash, invited_by, created_at, expires_at)
    values (new_membership_id, tenant, address, invitation_hash, me(), at, ends_at);
  return true;
end $$;

-- The invitation with this token, and the account of its address (user_id null: there is none).
create function invitation_lookup(invitation_hash bytea, at timestamptz)
  returns table (email text, tenant_id uuid, user_id uuid, password_hash text, second_factor boolean)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select i.email, i.tenant_id, u.id, u.password_hash,
      exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed_at is not null)
    from invitations i left join users u on lower(u.email) = lower(i.email)
    where i.token_hash = invitation_hash and i.expires_at > at;
end $$;

-- The tenant that was joined; null when the invitation is over. Raises unique_violation for a member of it.
create function accept_invitation(invitation_hash bytea, at timestamptz, person uuid) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  invitation invitations;
begin
  delete from invitations i where i.token_hash = invitation_hash and i.expires_at > at returning * into invitation;
  if not found then return null; end if;
  update memberships m set user_id = person, created_at = at where m.id = invitation.membership_id;
  return invitation.tenant_id;
end $$;

-- Removes a membership of the current tenant, invited or active. The person's projects go to the tenant's oldest other
-- owner: somebody who may see them all. Sessions and keys go with the membership.
create function remove_membership(removed uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  tenant constant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  update projects p set owner_id = (
      select m.user_id from memberships m
      where m.tenant_id = tenant and m.id <> removed and m.user_id is not null and 'OWNER' = any (m.roles)
      order by m.created_at, m.id limit 1)
    from memberships gone
    where gone.id = removed and gone.tenant_id = tenant and p.tenant_id = tenant and p.owner_id = gone.user_id;
  delete from memberships m where m.id = removed and m.tenant_id = tenant;
end $$;

alter function spend_code(uuid, bigint, bytea) owner to pw_system;
revoke all on function spend_code(uuid, bigint, bytea) from public;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'sign_in_lookup(text)',
    'my_password_hash()',
    'rehash_password(uuid, text, text)',
    'set_my_password(text, text, uuid)',
    'create_account(uuid, text, text, text)',
    'my_account()',
    'my_tenants()',
    'my_second_factor()',
    'begin_my_second_factor(bytea, integer, integer)',
    'confirm_my_second_factor(bytea, bigint, timestamptz, bytea[])',
    'spend_my_code(bigint, bytea)',
    'replace_my_recovery_codes(bytea[])',
    'remove_my_second_factor()',
    'open_mfa_challenge(bytea, uuid, uuid, timestamptz, timestamptz)',
    'guess_mfa_challenge(bytea, timestamptz, integer)',
    'pass_mfa_challenge(bytea, timestamptz, bigint, bytea)',
    'google_lookup(text, text)',
    'link_google_account(text, uuid)',
    'unlink_my_google_account()',
    'invite_member(uuid, text[], text, bytea, timestamptz, timestamptz)',
    'invitation_lookup(bytea, timestamptz)',
    'accept_invitation(bytea, timestamptz, uuid)',
    'remove_membership(uuid)'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;
