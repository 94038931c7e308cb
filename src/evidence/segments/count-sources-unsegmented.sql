-- The same of a library of which little is in segments: by reading the postings of each term, all of them. $1 project, $2
-- terms. Index: the primary key of postings, alone.
select q.term, p.sources::integer
from unnest($2::text[]) as q (term) cross join lateral (
  select count(*) as sources from postings where project_id = $1 and term = q.term
) p
