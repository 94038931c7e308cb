-- Snippets without a vector of a space, in the order in which their sources are embedded. $1 project, $2 space, $3 uuid[] of
-- sources that come first, $4 how many at most. Indexes: sources_lengths; the primary keys of embedded_sources and snippets'
-- (tenant_id, source_id, ordinal).
with unfinished as materialized (
  select s.id, s.title, coalesce(e.snippets, 0) as done,
         sum(s.snippet_count - coalesce(e.snippets, 0)) over (order by array_position($3::uuid[], s.id) nulls last, s.id) as reached,
         s.snippet_count - coalesce(e.snippets, 0) as missing
  from sources s
  left join lateral (select snippets from embedded_sources where source_id = s.id and space = $2 offset 0) e on true
  where s.project_id = $1 and s.snippet_count > coalesce(e.snippets, 0)
)
select u.id as source_id, n.ordinal, u.title, n.text
from unfinished u cross join lateral (
  select ordinal, text from snippets where source_id = u.id and ordinal >= u.done order by ordinal limit $4::integer
) n
where u.reached - u.missing < $4::integer
order by array_position($3::uuid[], u.id) nulls last, u.id, n.ordinal
limit $4::integer
