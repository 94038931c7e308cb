-- The walls. Every tenant table is passed through secure_tenant_table, so that there is one definition of who sees what.

-- The projects of the current tenant that the current person may not see: PRIVATE ones of others, unless they are an
-- OWNER of the tenant (app.sees_all). Stage code acts for nobody (app.user is empty) and sees the whole tenant.
create function hidden_projects() returns uuid[]
  language plpgsql stable security definer set search_path = pg_catalog, public
as $$
declare
  me text := coalesce(current_setting('app.user', true), '');
begin
  if me = '' or current_setting('app.sees_all', true) = 'on' then
    return '{}'::uuid[];
  end if;
  return coalesce(
    (select array_agg(p.id) from projects p
      where p.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
        and p.visibility = 'PRIVATE' and p.owner_id <> me::uuid),
    '{}'::uuid[]);
end $$;
alter function hidden_projects() owner to pw_system;
revoke all on function hidden_projects() from public;
grant execute on function hidden_projects() to pw_app;

-- Forces row security on a table with a tenant_id column. project_column: rows of projects hidden from the person are
-- hidden too. system_access: what pw_system's functions may do with it ('none', 'select' or 'all').
-- The (select …) makes each setting an InitPlan: read once a statement, not once a row.
create procedure secure_tenant_table(
  table_name text, project_column text default null, system_access text default 'none',
  app_privileges text default 'select, insert, update, delete')
  language plpgsql set search_path = pg_catalog, public
as $$
declare
  own_tenant constant text := $q$tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid)$q$;
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('alter table %I force row level security', table_name);
  execute format('create policy tenant on %I for all to pw_app using (%s) with check (%s)', table_name, own_tenant, own_tenant);
  execute format('grant %s on %I to pw_app', app_privileges, table_name);
  if project_column is not null then
    execute format(
      'create policy hidden_projects on %I as restrictive for all to pw_app using (not (%I = any ((select hidden_projects())::uuid[])))',
      table_name, project_column);
  end if;
  if system_access <> 'none' then
    execute format('create policy system_functions on %I for %s to pw_system using (true) %s',
      table_name, system_access, case system_access when 'all' then 'with check (true)' else '' end);
    execute format('grant %s on %I to pw_system',
      case system_access when 'all' then 'select, insert, update, delete' else 'select' end, table_name);
  end if;
end $$;
