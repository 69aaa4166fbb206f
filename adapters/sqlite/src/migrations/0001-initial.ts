/** Never edited once released: what comes later is another migration. */
export const initial = `
create table runs (
  project text not null,
  id text not null,
  pipeline text not null,
  plan_hash text not null,
  plan text not null,
  parameters text not null,
  now text not null,
  status text not null,
  created_at text not null,
  started_at text,
  finished_at text,
  error text,
  epoch integer,
  generation integer not null,
  primary key (project, id),
  unique (id)
);
create index runs_newest on runs (project, created_at);
create index runs_newest_of_pipeline on runs (project, pipeline, created_at);

create table stages (
  project text not null,
  run text not null references runs (id),
  stage text not null,
  attempt integer not null,
  status text not null,
  started_at text not null,
  finished_at text,
  output text not null,
  rows_in integer,
  rows_out integer,
  rejected integer not null,
  sources text not null,
  checks text not null,
  error text,
  primary key (run, stage)
);

create table leases (
  project text not null,
  pipeline text not null,
  epoch integer not null,
  run text,
  host text,
  pid integer,
  since integer,
  expires_at integer,
  primary key (project, pipeline)
);
`;
