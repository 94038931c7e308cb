-- How many snippets of a project have a vector of a space, how many it has, and whether an index stands for the length of its
-- vectors. $1 project, $2 space, $3 length. Indexes: embedded_sources_project; sources_lengths.
select (select coalesce(sum(snippets), 0)::integer from embedded_sources where project_id = $1 and space = $2) as embedded,
       (select coalesce(sum(snippet_count), 0)::integer from sources where project_id = $1) as snippets,
       exists (select 1 from pg_index
               where indexrelid = to_regclass('public.snippet_embeddings_hnsw_' || $3::integer) and indisvalid) as indexed
