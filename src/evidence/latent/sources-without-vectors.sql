-- Sources whose snippets are not in the project's space yet, some at a time. $1 project, $2 how many snippets at most.
-- Indexes: sources_lengths; the primary key of snippet_vectors.
select id from (
  select s.id, s.snippet_count, sum(s.snippet_count) over (order by s.id) as reached
  from sources s
  where s.project_id = $1 and s.snippet_count > 0
    and not exists (select 1 from snippet_vectors v where v.source_id = s.id)
) missing
where reached - snippet_count < $2::integer
order by id
