-- Cosines to a question, both of length 1. $1 real[], $2 uuid[] of sources, $3 integer[] of ordinals. Answered by the place
-- of the question, from 1; nothing for a snippet that has no vector yet. Index: the primary key of snippet_vectors.
select asked.place::integer, v.cosine
from unnest($2::uuid[], $3::integer[]) with ordinality as asked (source_id, ordinal, place)
cross join lateral (
  select coalesce((select sum(a * b) from unnest(embedding, $1::real[]) as pair (a, b)), 0)::float8 as cosine
  from snippet_vectors
  where source_id = asked.source_id and ordinal = asked.ordinal
  offset 0
) v
