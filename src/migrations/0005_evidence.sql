-- Evidence: sources → immutable snapshots → snippets, and the index that finds them.
--
-- Full-text search reads `postings`, a btree keyed by term: row security rules out GIN for @@ (its operators are not
-- leakproof). A posting is one row per term and source; it lists the snippets that hold the term, so that a long paper
-- costs as many rows as it has distinct terms. Collection statistics are facts of each source's own row, summed when
-- asked: concurrent ingestions share no counter, and a deleted source takes its share with it.

create table snapshots (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  sha256 text not null, -- of the UTF-8 text
  original_sha256 text check (original_sha256 ~ '^[0-9a-f]{64}$'), -- of the bytes it was derived from; null: it is those bytes
  extractor text not null, -- name@version
  media_type text not null, -- of the original
  bytes integer not null,
  text text not null check (text <> ''),
  pages jsonb not null, -- [{number, startOffset, endOffset}]
  headings jsonb not null, -- [{level, title, startOffset, endOffset}]
  excluded jsonb not null, -- [{reason, startOffset, endOffset}]
  captured_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, project_id, id),
  unique nulls not distinct (tenant_id, project_id, sha256, original_sha256, extractor),
  check (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
  check (bytes = octet_length(convert_to(text, 'UTF8'))),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade
);
call secure_tenant_table('snapshots', project_column => 'project_id', app_privileges => 'select, insert, delete');

create function refuse_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
  raise exception '% is immutable: insert a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger snapshots_are_immutable before update on snapshots for each row execute function refuse_change();

create table sources (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  snapshot_id uuid not null,
  title text not null check (char_length(title) between 1 and 500),
  authors text[] not null default '{}',
  year integer check (year between 1000 and 2999),
  venue text,
  doi text,
  arxiv_id text,
  url text,
  connector text not null check (connector in ('UPLOAD', 'TEXT')),
  retrieved_at timestamptz not null,
  title_length integer not null, -- index terms of the title
  snippet_count integer not null,
  body_length integer not null, -- index terms of all snippets
  tokenizer text not null, -- name@version that made its postings
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, project_id, id),
  unique (tenant_id, project_id, snapshot_id),
  foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
  foreign key (tenant_id, project_id, snapshot_id) references snapshots (tenant_id, project_id, id) on delete cascade
);
-- Collection statistics by index-only scan.
create index sources_lengths on sources (tenant_id, project_id) include (snippet_count, body_length, title_length);
call secure_tenant_table('sources', project_column => 'project_id');

create table snippets (
  id uuid primary key,
  tenant_id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  snapshot_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  text text not null,
  start_offset integer not null check (start_offset >= 0), -- UTF-8 bytes into the snapshot, half-open
  end_offset integer not null,
  page integer,
  heading text,
  unique (tenant_id, id),
  unique (tenant_id, source_id, ordinal),
  check (end_offset - start_offset = octet_length(convert_to(text, 'UTF8'))),
  foreign key (tenant_id, project_id, source_id) references sources (tenant_id, project_id, id) on delete cascade,
  foreign key (tenant_id, project_id, snapshot_id) references snapshots (tenant_id, project_id, id) on delete cascade
);
create index snippets_snapshot on snippets (tenant_id, project_id, snapshot_id);
call secure_tenant_table('snippets', project_column => 'project_id', app_privileges => 'select, insert, delete');
create trigger snippets_are_immutable before update on snippets for each row execute function refuse_change();

create table postings (
  tenant_id uuid not null,
  project_id uuid not null,
  term text not null,
  source_id uuid not null,
  title_tf integer not null,
  title_length integer not null, -- of the source, in index terms; repeated here so that scoring joins nothing
  body_tf integer not null, -- sum of tfs
  body_length integer not null,
  ordinals integer[] not null, -- snippets that hold the term
  tfs integer[] not null, -- how often each does
  lengths integer[] not null, -- of each, in index terms
  check (cardinality(tfs) = cardinality(ordinals) and cardinality(lengths) = cardinality(ordinals)),
  primary key (tenant_id, project_id, term, source_id),
  foreign key (tenant_id, project_id, source_id) references sources (tenant_id, project_id, id) on delete cascade
);
-- For the cascade. The source leads, so that no search ever takes this index for the primary key's prefix.
create index postings_source on postings (source_id, tenant_id, project_id);
call secure_tenant_table('postings', project_column => 'project_id', app_privileges => 'select, insert, delete');
