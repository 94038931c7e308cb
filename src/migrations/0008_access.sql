-- Of open subscriptions, given column by column, answers the positions (from 1) of those that have lost their right, and
-- which: CREDENTIAL, ROLES or RUN.
--   credentials: id of a session or an API key    roles_then: as they were when it began, sorted, joined by commas
--   runs_followed: the run, or null
create function lost_access(tenants uuid[], users uuid[], credentials uuid[], roles_then text[], runs_followed uuid[])
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
          select 1 from api_keys k where k.id = o.credential and k.tenant_id = o.tenant and k.revoked_at is null)
          then 'CREDENTIAL'
        when not exists (
          select 1 from memberships m
          where m.tenant_id = o.tenant and m.user_id = o.person
            and (select string_agg(r, ',' order by r collate "C") from unnest(m.roles) r) = o.roles_before)
          then 'ROLES'
        when o.run is not null and not exists (
          select 1 from runs r join projects p on p.tenant_id = r.tenant_id and p.id = r.project_id
          where r.id = o.run and r.tenant_id = o.tenant
            and (p.visibility = 'TENANT' or p.owner_id = o.person or 'OWNER' = any (string_to_array(o.roles_before, ','))))
          then 'RUN'
      end as loss
      from unnest(tenants, users, credentials, roles_then, runs_followed)
           with ordinality as o (tenant, person, credential, roles_before, run, ordinality)
    ) checked
    where checked.loss is not null;
end $$;
alter function lost_access(uuid[], uuid[], uuid[], text[], uuid[]) owner to pw_system;
revoke all on function lost_access(uuid[], uuid[], uuid[], text[], uuid[]) from public;
grant execute on function lost_access(uuid[], uuid[], uuid[], text[], uuid[]) to pw_app;
