-- Vectors of snippets: where they stand to each other in a space of few dimensions. A project has at most one space, made
-- from its own texts (latent semantic analysis) and needing no model; `name` says how it was made.

create table latent_spaces (
  project_id uuid primary key,
  tenant_id uuid not null,
  name text not null, -- method@version
  dimensions integer not null check (dimensions > 0),
  snippets integer not null, -- of the library when it was made
  made_at timestamptz not null default now(),
  unique (tenant_id, project_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
call secure_tenant_table('latent_spaces', project_column => 'project_id');

-- A question becomes a vector by the vectors of its terms.
create table latent_terms (
  tenant_id uuid not null,
  project_id uuid not null,
  term text not null,
  worth real not null, -- inverse document frequency when the space was made
  embedding real[] not null,
  primary key (tenant_id, project_id, term),
  foreign key (tenant_id, project_id) references latent_spaces (tenant_id, project_id) on delete cascade
);
call secure_tenant_table('latent_terms', project_column => 'project_id', app_privileges => 'select, insert, delete');

create table snippet_vectors (
  tenant_id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  ordinal integer not null, -- of the snippet in its source
  embedding real[] not null, -- of length 1
  primary key (tenant_id, source_id, ordinal),
  foreign key (tenant_id, project_id) references latent_spaces (tenant_id, project_id) on delete cascade,
  foreign key (tenant_id, source_id, ordinal) references snippets (tenant_id, source_id, ordinal) on delete cascade
);
create index snippet_vectors_project on snippet_vectors (tenant_id, project_id);
call secure_tenant_table('snippet_vectors', project_column => 'project_id', app_privileges => 'select, insert, delete');
