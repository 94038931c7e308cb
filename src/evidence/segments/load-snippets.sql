-- Snippets by where they stand. $1 uuid[] of sources, $2 integer[] of ordinals. Answered by the place in the question, from
-- 1. Indexes: the unique ones of snippets (tenant_id, source_id, ordinal) and of sources.
select asked.at::integer, n.id, n.source_id, n.snapshot_id, n.ordinal, n.text, n.start_offset, n.end_offset, n.page, n.heading,
       s.title as source_title
from unnest($1::uuid[], $2::integer[]) with ordinality as asked (source_id, ordinal, at)
cross join lateral (
  select * from snippets where source_id = asked.source_id and ordinal = asked.ordinal offset 0
) n
cross join lateral (select title from sources where id = asked.source_id offset 0) s
