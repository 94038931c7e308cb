-- Takes the run's row lock, so that what its artifacts come to is counted by one writer at a time. A stage's own
-- transaction holds that lock already.
--   $1 run_id
-- Indexes: runs_pkey.
select tenant_id, project_id, limits from runs where id = $1 for no key update
