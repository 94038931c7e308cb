-- How the last call of the language model went, by the worker that made it: {"ok", "reason", "model", "at"}. Only a
-- worker that lives has a row, so a stale outcome goes with its worker.
alter table workers add column model_health jsonb;
