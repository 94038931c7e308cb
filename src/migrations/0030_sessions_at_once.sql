-- Ten thousand sockets that come back at once are asked about some hundred at a time.
drop function authenticate_session(uuid);

-- Those of the sessions that still hold, with the roles of their members as of now.
create function authenticate_sessions(ids uuid[])
  returns table (credential_id uuid, tenant_id uuid, user_id uuid, roles text[])
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
begin
  return query
    select s.id, s.tenant_id, s.user_id, m.roles
    from sessions s join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
    where s.id = any (ids) and s.revoked_at is null and s.expires_at > now();
end $$;
alter function authenticate_sessions(uuid[]) owner to pw_system;
revoke all on function authenticate_sessions(uuid[]) from public;
grant execute on function authenticate_sessions(uuid[]) to pw_app;
