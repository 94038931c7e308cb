insert into snippets (id, tenant_id, project_id, source_id, snapshot_id, ordinal, text, start_offset, end_offset, page, heading)
select cut.id, $1, $2, $3, $4, cut.ordinal, cut.text, cut.start_offset, cut.end_offset, cut.page, cut.heading
from unnest($5::uuid[], $6::integer[], $7::text[], $8::integer[], $9::integer[], $10::integer[], $11::text[])
  as cut (id, ordinal, text, start_offset, end_offset, page, heading)
