-- The same of all snippets of a library of which little is in segments. $1 project, $2 terms. Index: the primary key of
-- postings.
select q.term, coalesce(p.snippets, 0)::integer as snippets
from unnest($2::text[]) as q (term) cross join lateral (
  select sum(cardinality(ordinals)) as snippets from postings where project_id = $1 and term = q.term
) p
