-- Of each source the greatest cosine of its snippets to a question, both of length 1. $1 real[], $2 uuid[] of sources.
-- Answered by the place of the question, from 1. Index: the primary key of snippet_vectors.
select asked.place::integer, v.cosine
from unnest($2::uuid[]) with ordinality as asked (source_id, place)
cross join lateral (
  select max((select sum(a * b) from unnest(embedding, $1::real[]) as pair (a, b)))::float8 as cosine
  from snippet_vectors
  where source_id = asked.source_id and embedding <> '{}'
  offset 0
) v
where v.cosine is not null
