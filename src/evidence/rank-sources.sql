-- BM25F over whole sources: title and body as one bag, the title counted $6 times. $1 project, $2 terms, $3 weights,
-- $4 k1, $5 b, $7 limit. Index: the primary key of postings, read as in search-snippets.sql.
with question as materialized (
  select term, weight from unnest($2::text[], $3::float8[]) as q (term, weight)
), library as materialized (
  select count(*)::float8 as sources, greatest(avg(body_length + $6::float8 * title_length), 1) as average_length
  from sources where project_id = $1
)
select p.source_id,
       sum(q.weight * ln(1 + (library.sources - p.df + 0.5) / (p.df + 0.5)) * p.tf * ($4::float8 + 1)
         / (p.tf + $4::float8 * (1 - $5::float8 + $5::float8 * p.length / library.average_length))) as score
from library cross join question q cross join lateral (
  select source_id, body_tf + $6::float8 * title_tf as tf, body_length + $6::float8 * title_length as length,
         count(*) over ()::float8 as df
  from postings where project_id = $1 and term = q.term
  offset 0
) p
group by p.source_id
order by score desc, p.source_id
limit $7
