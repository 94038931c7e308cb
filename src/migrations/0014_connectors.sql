-- Sources that a research run finds outside of the project, and what is known against a work.

alter table sources
  drop constraint if exists sources_connector_check,
  drop constraint if exists sources_connector_check1;
alter table sources
  add constraint sources_connector_check check (
    connector in ('UPLOAD', 'TEXT', 'ARXIV', 'DOI', 'OPENALEX', 'CROSSREF', 'SEMANTIC_SCHOLAR', 'URL')
  ),
  add column retracted boolean not null default false, -- as the services said when it was taken in
  add column notices jsonb not null default '[]'; -- [{type, doi, date, source}], each but type or null

alter table research_runs
  add column connectors text[] not null default '{LIBRARY}'; -- where it looks for sources
