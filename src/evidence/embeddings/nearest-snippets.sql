-- The snippets of a project whose vectors are nearest to a question's. $1 project, $2 space, $3 real[] of length 1, $4 its
-- signs as a bit string, $5 how many are compared exactly, $6 how many are wanted. Vectors of nearly the same direction have
-- nearly the same signs, so those with the fewest other signs are compared: counting bits is some 200 times as fast as adding
-- up products in SQL. Exact where the project has no more than $5. Index: snippet_embeddings_project.
with likely as materialized (
  select source_id, ordinal, embedding from snippet_embeddings
  where project_id = $1 and space = $2 and dimensions = cardinality($3::real[])
  order by bit_count(signs # $4::text::bit varying), source_id, ordinal
  limit $5
)
select source_id, ordinal, (select sum(a * b) from unnest(embedding, $3::real[]) as pair (a, b))::float8 as cosine
from likely
order by cosine desc, source_id, ordinal
limit $6
