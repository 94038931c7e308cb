-- The installation's secret key can be changed: what was made with a key derived from the one before goes on, and is made
-- anew with the present one.

-- Seals of second factors that do not begin with `mark`, which the present key's all do; by person, after `after`.
create function seals_without(mark bytea, after uuid, at_most integer) returns table (user_id uuid, sealed_secret bytea)
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select f.user_id, f.sealed_secret from second_factors f
    where f.user_id > after and substring(f.sealed_secret from 1 for octet_length(mark)) <> mark
    order by f.user_id limit at_most;
end $$;

-- The same secret, sealed anew. False when another was stored meanwhile.
create function reseal_second_factor(person uuid, old_seal bytea, new_seal bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
begin
  update second_factors f set sealed_secret = new_seal where f.user_id = person and f.sealed_secret = old_seal;
  return found;
end $$;

-- As before, but for its `successors`: the one that would follow under each key, the present one's first. Which of them did is
-- answered, counted from 1: a client whose answer was lost while the key was changed gets the token of before.
drop function rotate_refresh_token(bytea[], bytea, double precision, double precision, double precision);
create function rotate_refresh_token(
  given bytea[], successors bytea[], lifetime_ms double precision, longest_ms double precision, grace_ms double precision)
  returns table (
    outcome text, successor integer, session_id uuid, tenant_id uuid, user_id uuid, roles text[], expires_ms double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  session sessions;
  token refresh_tokens;
  verdict text;
  place integer := 1;
begin
  select s.* into session from sessions s join refresh_tokens t on t.tenant_id = s.tenant_id and t.session_id = s.id
    where t.token_hash = any (given) for update of s;
  if not found or session.revoked_at is not null or session.expires_at <= clock_timestamp() then return; end if;
  select t.* into token from refresh_tokens t where t.token_hash = any (given);
  if token.rotated_at is null then
    update refresh_tokens t set rotated_at = clock_timestamp() where t.token_hash = token.token_hash;
    insert into refresh_tokens (token_hash, tenant_id, session_id) values (successors[1], session.tenant_id, session.id);
    session.expires_at := least(
      clock_timestamp() + lifetime_ms * interval '1 millisecond',
      session.created_at + longest_ms * interval '1 millisecond');
    update sessions s set expires_at = session.expires_at where s.id = session.id;
    delete from refresh_tokens t
      where t.tenant_id = session.tenant_id and t.session_id = session.id
        and t.rotated_at < clock_timestamp() - longest_ms * interval '1 millisecond';
    verdict := 'ROTATED';
  else
    place := (
      select array_position(successors, t.token_hash) from refresh_tokens t
      where t.token_hash = any (successors) and t.session_id = session.id and t.rotated_at is null);
    if token.rotated_at > clock_timestamp() - grace_ms * interval '1 millisecond' and place is not null then
      verdict := 'REPEATED';
    else
      update sessions s set revoked_at = now() where s.id = session.id;
      verdict := 'REUSED';
    end if;
  end if;
  return query
    select verdict, place, session.id, session.tenant_id, session.user_id, m.roles,
      (extract(epoch from session.expires_at) * 1000)::double precision
    from memberships m where m.tenant_id = session.tenant_id and m.user_id = session.user_id;
end $$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'seals_without(bytea, uuid, integer)',
    'reseal_second_factor(uuid, bytea, bytea)',
    'rotate_refresh_token(bytea[], bytea[], double precision, double precision, double precision)'
  ] loop
    execute format('alter function %s owner to pw_system', signature);
    execute format('revoke all on function %s from public', signature);
    execute format('grant execute on function %s to pw_app', signature);
  end loop;
end $$;
