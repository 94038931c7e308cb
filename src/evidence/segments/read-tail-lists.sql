-- The same lists as a segment has, made for sources that are in none yet. $1 project, $2 uuid[] of sources, $3 integer[] of
-- the place of each one's first snippet, $4 terms, $5 k1, $6 b, $7 the average length of a snippet. Index: the primary key of
-- postings.
select q.term,
       encode(string_agg(int4send((tail.first_place + o.ordinal) * 256
         + round(255 * o.tf / (o.tf + $5::float8 * (1 - $6::float8 + $6::float8 * o.length / $7::float8)))::integer), ''::bytea),
         'base64') as list
from unnest($2::uuid[], $3::integer[]) as tail (source_id, first_place)
cross join unnest($4::text[]) as q (term)
cross join lateral (
  select ordinals, tfs, lengths from postings
  where project_id = $1 and term = q.term and source_id = tail.source_id and ordinals <> '{}'
  offset 0
) p cross join lateral unnest(p.ordinals, p.tfs, p.lengths) as o (ordinal, tf, length)
group by q.term
