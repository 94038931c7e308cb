-- BM25F over whole sources: title and body as one bag, the title counted $6 times. $1 project, $2 terms, $3 weights,
-- $4 k1, $5 b, $7 limit. Index: the primary key of postings, as in search-snippets.sql.
with question as materialized (
  select term, weight from unnest($2::text[], $3::float8[]) as q (term, weight)
), library as materialized (
  select count(*)::float8 as sources, greatest(avg(body_length + $6::float8 * title_length), 1) as average_length
  from sources where project_id = $1
), posting as materialized (
  select q.term, q.weight, p.source_id, p.body_tf + $6::float8 * p.title_tf as tf,
         p.body_length + $6::float8 * p.title_length as length
  from question q cross join lateral (
    select source_id, body_tf, title_tf, body_length, title_length from postings where project_id = $1 and term = q.term
    offset 0
  ) p
), known as materialized (
  select seen.term, ln(1 + (library.sources - seen.df + 0.5) / (seen.df + 0.5)) as idf, library.average_length
  from library cross join (select term, count(*)::float8 as df from posting group by term) seen
)
select p.source_id,
       sum(p.weight * k.idf * p.tf * ($4::float8 + 1)
         / (p.tf + $4::float8 * (1 - $5::float8 + $5::float8 * p.length / k.average_length))) as score
from posting p join known k on k.term = p.term
group by p.source_id
order by score desc, p.source_id
limit $7
