-- What terms count in some sources. $1 project, $2 terms, $3 uuid[] of sources, $4 how often the title counts. Index: the
-- primary key of postings.
select s.source_id, q.term, p.tf, p.length
from unnest($2::text[]) as q (term) cross join unnest($3::uuid[]) as s (source_id) cross join lateral (
  select body_tf + $4::float8 * title_tf as tf, body_length + $4::float8 * title_length as length
  from postings where project_id = $1 and term = q.term and source_id = s.source_id offset 0
) p
order by q.term, s.source_id
