-- The snippets of a project whose vectors are nearest to a question's. $1 project, $2 space, $3 real[] of length 1, $4 its
-- signs as a bit string, $5 how many are compared exactly, $6 how many are wanted. Vectors of nearly the same direction have
-- nearly the same signs, so those with the fewest other signs are compared: counting bits is some hundred times as fast as
-- adding up products in SQL. Exact where the project has no more than $5. Indexes: snippet_embeddings_signs, which has all that
-- is needed to count; the primary key.
with likely as materialized (
  select source_id, ordinal from snippet_embeddings
  where project_id = $1 and space = $2 and dimensions = cardinality($3::real[])
  order by bit_count(signs # $4::text::bit varying), source_id, ordinal
  limit $5
)
select likely.source_id, likely.ordinal,
       (select sum(a * b) from unnest(e.embedding, $3::real[]) as pair (a, b))::float8 as cosine
from likely cross join lateral (
  select embedding from snippet_embeddings where source_id = likely.source_id and ordinal = likely.ordinal offset 0
) e
order by cosine desc, source_id, ordinal
limit $6
