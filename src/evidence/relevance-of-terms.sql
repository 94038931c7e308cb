-- The relevance model of some sources, whole: how much of each one's text every term is, by how well the source answers. $1
-- uuid[] of sources, $2 float8[] of their weights, $3 how often the title counts, $4 how many terms at most. A number of one
-- text is no topic of another. Index: postings_source.
select p.term, sum(given.weight * p.tf / p.length) as relevance
from unnest($1::uuid[], $2::float8[]) as given (source_id, weight) cross join lateral (
  select term, body_tf + $3::float8 * title_tf as tf, body_length + $3::float8 * title_length as length
  from postings where source_id = given.source_id and term !~ '^\d' offset 0
) p
group by p.term
order by relevance desc, p.term
limit $4
