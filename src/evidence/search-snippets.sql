-- BM25 over the snippets of a project. $1 project, $2 terms, $3 their weights, $4 k1, $5 b, $6 limit.
-- Index: the primary key of postings, (tenant_id, project_id, term, source_id); the tenant comes from the policy. The
-- document frequency of a term is counted from the postings that are read anyway, so it is never out of step. Whatever
-- is read once is materialized, and nothing large is joined: row security hides true row counts from the planner.
with question as materialized (
  select term, weight from unnest($2::text[], $3::float8[]) as q (term, weight)
), library as materialized (
  select greatest(sum(snippet_count), 1)::float8 as snippets,
         greatest(sum(body_length)::float8 / greatest(sum(snippet_count), 1), 1) as average_length
  from sources where project_id = $1
), posting as materialized (
  select q.term, q.weight * ln(1 + (library.snippets - p.df + 0.5) / (p.df + 0.5)) as worth, library.average_length,
         p.source_id, p.ordinals, p.tfs, p.lengths
  from library cross join question q cross join lateral (
    select source_id, ordinals, tfs, lengths, sum(cardinality(ordinals)) over ()::float8 as df
    from postings where project_id = $1 and term = q.term and ordinals <> '{}'
    offset 0 -- keeps it a look-up a term: folded into a join, a plan without statistics reads the whole project
  ) p
), scored as (
  select p.source_id, occurrence.ordinal,
         sum(p.worth * occurrence.tf * ($4::float8 + 1)
           / (occurrence.tf + $4::float8 * (1 - $5::float8 + $5::float8 * occurrence.length / p.average_length))) as score,
         sum(p.worth) as matched
  from posting p cross join lateral unnest(p.ordinals, p.tfs, p.lengths) as occurrence (ordinal, tf, length)
  group by p.source_id, occurrence.ordinal
), best as materialized (
  select * from scored order by score desc, source_id, ordinal limit $6
), asked as materialized (
  -- what a snippet with every word of the question would match; a word the library has never seen weighs most
  select sum(coalesce(seen.worth, q.weight * ln(1 + (library.snippets + 0.5) / 0.5))) as worth
  from library cross join question q
  left join (select term, min(worth) as worth from posting group by term) seen on seen.term = q.term
)
select n.id, n.source_id, n.snapshot_id, n.ordinal, n.text, n.start_offset, n.end_offset, n.page, n.heading,
       s.title as source_title, best.score, least(1, best.matched / nullif(asked.worth, 0)) as coverage
from best cross join asked
cross join lateral (
  select * from snippets where source_id = best.source_id and ordinal = best.ordinal offset 0
) n
cross join lateral (select title from sources where id = best.source_id offset 0) s
order by best.score desc, n.source_id, n.ordinal
