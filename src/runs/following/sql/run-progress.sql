-- Where runs stand: one run ($2) or the latest of a project ($1), newest first.
--   $1 project_id or null  $2 run_id or null  $3 limit
-- Indexes: runs_pkey or runs_by_project; run_stages primary key.
select r.id, r.kind, r.status, r.current_stage as stage, r.last_seq,
       (select count(*)::integer from run_stages s where s.run_id = r.id and s.status = 'SUCCEEDED') as stages_done,
       (select count(*)::integer from run_stages s where s.run_id = r.id) as stages_total,
       (select s.progress from run_stages s where s.run_id = r.id and s.name = r.current_stage) as progress
from runs r
where ($1::uuid is null or r.project_id = $1) and ($2::uuid is null or r.id = $2)
order by r.id desc
limit $3
