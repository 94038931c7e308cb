-- By primary keys. No column is indexed, so the rows' updates stay HOT. Additive, so it needs no fence: what a model was
-- paid is owed by the run even if the stage that asked has been canceled or overtaken since. The run's row first, as every
-- transition has it: the stage's row joins what that update answers.
--   $1 run_id   $2 stage   $3 input tokens   $4 output tokens   $5 USD
with charged as (
  update runs
  set spent_tokens = least(spent_tokens::bigint + $3 + $4, 2147483647)::integer,
      spent_cost_usd = spent_cost_usd + $5
  where id = $1
  returning id
)
update run_stages s
set model_calls = least(s.model_calls::bigint + 1, 2147483647)::integer,
    input_tokens = least(s.input_tokens::bigint + $3, 2147483647)::integer,
    output_tokens = least(s.output_tokens::bigint + $4, 2147483647)::integer,
    cost_usd = s.cost_usd + $5
from charged
where s.run_id = charged.id and s.name = $2
