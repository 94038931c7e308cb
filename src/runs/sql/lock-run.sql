-- Takes a run's row lock for a worker that still holds it. No row: the fence has moved on, or a cancel was acknowledged.
--   $1 run_id  $2 fence
-- Indexes: runs_pkey. FOR NO KEY UPDATE: FOR UPDATE would hold off every insert of a child row.
select last_seq from runs
where id = $1 and fence = $2 and status = 'RUNNING' and cancel_requested_at is null
for no key update
