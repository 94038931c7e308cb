-- The W3C traceparent of the request that started a run, when traces are recorded: the stages of the run go on from it.
alter table runs add column trace_parent text check (trace_parent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
