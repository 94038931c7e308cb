-- Passages of a project without a vector of a space, and how many bytes would be embedded with them, at most: of the documents
-- they were cut from, with the source's title each. $1 project, $2 space. Indexes: sources_lengths' table; the primary keys of
-- snapshots and embedded_sources.
select coalesce(sum(s.missing), 0)::integer as passages,
       coalesce(sum(d.bytes::float8 * s.missing / s.snippet_count + s.missing * s.title_bytes), 0)::float8 as bytes
from (
  select s.snapshot_id, s.snippet_count, octet_length(s.title) + 1 as title_bytes,
         s.snippet_count - coalesce(e.snippets, 0) as missing
  from sources s
  left join lateral (select snippets from embedded_sources where source_id = s.id and space = $2 offset 0) e on true
  where s.project_id = $1 and s.snippet_count > coalesce(e.snippets, 0)
) s cross join lateral (select bytes from snapshots where id = s.snapshot_id offset 0) d
