-- What the language models of each stage have taken, over all its attempts. Added to in the statement that adds it to the
-- run (sql/charge-run.sql), so that the stages' sums are the run's at every moment.
alter table run_stages
  add column model_calls integer not null default 0,
  add column input_tokens integer not null default 0,
  add column output_tokens integer not null default 0,
  add column cost_usd double precision not null default 0;
