-- Which snippets stand at places of segments. $1 project, $2 uuid[] of segments, $3 integer[] of places. Answered by the place
-- in the question, from 1; nothing for a source that was deleted since. Index: sources_segment.
select asked.at::integer, s.id as source_id, asked.place - s.segment_place as ordinal
from unnest($2::uuid[], $3::integer[]) with ordinality as asked (segment_id, place, at)
cross join lateral (
  select id, segment_place, snippet_count from sources
  where project_id = $1 and segment_id = asked.segment_id and segment_place <= asked.place
  order by segment_place desc limit 1
) s
where asked.place < s.segment_place + s.snippet_count
