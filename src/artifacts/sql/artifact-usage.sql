-- How many artifacts each run has, and their bytes; runs without any have no row.
--   $1 run_ids
-- Indexes: artifacts_by_run.
select run_id, count(*)::integer as count, sum(bytes)::double precision as bytes
from artifacts where run_id = any ($1::uuid[]) group by run_id
