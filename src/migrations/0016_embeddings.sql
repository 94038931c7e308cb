-- Vectors that an embedding model made of snippets, and how the services that workers call are doing.

-- One vector a snippet, of one space: the model that made it and the length it was asked for. After a change of model a
-- snippet is embedded anew and its row replaced; vectors of different spaces are never compared. The rows are read whole for
-- their signs, so the vectors themselves stand aside (TOAST).
create table snippet_embeddings (
  tenant_id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  ordinal integer not null, -- of the snippet in its source
  space text not null,
  dimensions smallint not null check (dimensions between 1 and 16000),
  embedding real[] not null, -- [dimensions], of length 1
  signs bit varying not null, -- [dimensions]: 1 where a component is above 0
  check (cardinality(embedding) = dimensions and length(signs) = dimensions),
  primary key (tenant_id, source_id, ordinal),
  foreign key (tenant_id, source_id, ordinal) references snippets (tenant_id, source_id, ordinal) on delete cascade
) with (toast_tuple_target = 256);
alter table snippet_embeddings alter column embedding set storage external;
create index snippet_embeddings_project on snippet_embeddings (tenant_id, project_id, space);
call secure_tenant_table('snippet_embeddings', project_column => 'project_id', system_access => 'select');

-- How much of each source is embedded: what is missing is found without reading every snippet.
create table embedded_sources (
  tenant_id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  space text not null,
  snippets integer not null, -- the first so many, by ordinal
  primary key (tenant_id, source_id),
  foreign key (tenant_id, project_id, source_id) references sources (tenant_id, project_id, id) on delete cascade
);
create index embedded_sources_project on embedded_sources (tenant_id, project_id, space);
call secure_tenant_table('embedded_sources', project_column => 'project_id');

-- The nearest snippets of a project by the vector extension's index for that length (snippet_embeddings_hnsw_…, made by
-- workers where the extension is). It reads past row security, and so filters by tenant and hidden projects itself; the index
-- goes on until enough rows have passed that filter, or has looked at as many as it may: then fewer are answered.
create function nearest_by_index(project uuid, in_space text, question real[], bound integer)
  returns table (source_id uuid, ordinal integer, cosine double precision)
  language plpgsql volatile security definer set search_path = pg_catalog, public
as $$
declare
  tenant uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  dims integer := cardinality(question);
  home text;
begin
  if tenant is null or project = any (hidden_projects()) then
    return;
  end if;
  select n.nspname into strict home
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector';
  execute format('select $1::%I.halfvec', home) using question; -- loads the library, which then knows its settings
  perform set_config('hnsw.iterative_scan', 'relaxed_order', true),
          set_config('hnsw.ef_search', least(greatest(bound, 40), 1000)::text, true);
  return query execute format(
    'with near as materialized (
       select e.source_id, e.ordinal, e.embedding from public.snippet_embeddings e
       where e.tenant_id = $1 and e.project_id = $2 and e.space = $3 and e.dimensions = %2$s
       order by (e.embedding::%1$I.halfvec(%2$s)) operator(%1$I.<#>) $4::%1$I.halfvec(%2$s)
       limit $5
     )
     select n.source_id, n.ordinal, -((n.embedding::%1$I.vector(%2$s)) operator(%1$I.<#>) $4::%1$I.vector(%2$s)) as cosine
     from near n order by cosine desc, n.source_id, n.ordinal', home, dims)
    using tenant, project, in_space, question, bound;
end $$;
alter function nearest_by_index(uuid, text, real[], integer) owner to pw_system;
revoke all on function nearest_by_index(uuid, text, real[], integer) from public;
grant execute on function nearest_by_index(uuid, text, real[], integer) to pw_app;

-- How the last calls of each service went that workers ask, over all of them. No data of anyone.
create table service_health (
  service text primary key check (service ~ '^[A-Z_]{1,32}$'),
  detail text, -- at the last call: the model's name
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure_code text check (last_failure_code ~ '^[A-Z0-9_]{1,64}$')
) with (fillfactor = 70);
grant select, insert, update on service_health to pw_app;
alter table workers drop column model_health;
