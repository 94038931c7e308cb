-- The lists of a new segment. $1 tenant, $2 project, $3 segment, $4 uuid[] of its sources, $5 integer[] of the place of each
-- one's first snippet, $6 k1, $7 b, $8 the average length of a snippet. A source counts with the first snippet of its posting;
-- one whose title alone has the term has none, and stands in no list. Index: postings_source.
insert into segment_lists (tenant_id, project_id, term, segment_id, snippets, sources, list)
select $1, $2, p.term, $3, count(o.ordinal), count(*) filter (where o.ordinal is not distinct from p.ordinals[1]),
       coalesce(string_agg(int4send((member.first_place + o.ordinal) * 256
         + round(255 * o.tf / (o.tf + $6::float8 * (1 - $7::float8 + $7::float8 * o.length / $8::float8)))::integer), ''::bytea)
           filter (where o.ordinal is not null), ''::bytea)
from unnest($4::uuid[], $5::integer[]) as member (source_id, first_place) cross join lateral (
  select term, ordinals, tfs, lengths from postings where source_id = member.source_id offset 0
) p left join lateral unnest(p.ordinals, p.tfs, p.lengths) as o (ordinal, tf, length) on true
group by p.term
