-- Vectors of up to some 500 numbers stand in their rows, not aside of them, so a search that reads the rows for their signs
-- reads all of them. It reads this index instead.
create index snippet_embeddings_signs on snippet_embeddings (tenant_id, project_id, space, dimensions)
  include (source_id, ordinal, signs);
drop index snippet_embeddings_project;
