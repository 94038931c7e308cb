-- By primary key. Neither column is indexed, so the row's update stays HOT. Additive, so it needs no fence: what a model
-- was paid is owed by the run even if the stage that asked has been canceled or overtaken since.
update runs
set spent_tokens = least(spent_tokens::bigint + $2, 2147483647)::integer,
    spent_cost_usd = spent_cost_usd + $3
where id = $1
