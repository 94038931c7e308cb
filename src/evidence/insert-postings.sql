-- All postings of one source in one statement. Lists travel as array literals, because arrays of unequal length cannot
-- be the rows of one array.
insert into postings (tenant_id, project_id, source_id, title_length, body_length, term, title_tf, body_tf, ordinals, tfs,
  lengths)
select $1, $2, $3, $4, $5, entry.term, entry.title_tf, entry.body_tf, entry.ordinals::integer[], entry.tfs::integer[],
  entry.lengths::integer[]
from unnest($6::text[], $7::integer[], $8::integer[], $9::text[], $10::text[], $11::text[])
  as entry (term, title_tf, body_tf, ordinals, tfs, lengths)
