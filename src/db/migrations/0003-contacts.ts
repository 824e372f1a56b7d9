import { Migration } from '@mikro-orm/migrations'

/** Attributes that were there undeclared, search, notes, saved views, merges and work on many contacts at once. */
export class Contacts extends Migration {
  override up(): void {
    for (const statement of [attributes, search, notes, merges, batches]) this.addSql(statement)
  }
}

/** What had been a custom attribute and is a system attribute now moves; every other name is declared with its type. */
const attributes = `
update contacts set attributes = attributes - array['city', 'state', 'country', 'gender', 'date_of_birth'],
  city = coalesce(city, left(attributes ->> 'city', 100)), state = coalesce(state, left(attributes ->> 'state', 100)),
  gender = coalesce(gender, left(attributes ->> 'gender', 50)),
  country = coalesce(country, case when attributes ->> 'country' ~ '^[A-Za-z]{2}$' then upper(attributes ->> 'country') end),
  date_of_birth = coalesce(date_of_birth, case when pg_input_is_valid(attributes ->> 'date_of_birth', 'date')
    then (attributes ->> 'date_of_birth')::date end)
where jsonb_exists_any(attributes, array['city', 'state', 'country', 'gender', 'date_of_birth']);
insert into attribute_definitions (id, workspace_id, name, type, label)
select gen_random_uuid(), workspace_id, name, case
    when types = array['number'] and whole then 'integer' when types = array['number'] then 'float'
    when types = array['boolean'] then 'boolean' when types = array['string'] then 'string' when types is null then 'string'
    when types = array['array'] and flat then 'list' else 'json' end, name
from (
  select c.workspace_id, a.key as name,
    array_agg(distinct jsonb_typeof(a.value)) filter (where jsonb_typeof(a.value) <> 'null') as types,
    bool_and(case when jsonb_typeof(a.value) = 'number' then a.value::text ~ '^-?[0-9]+$' else true end) as whole,
    bool_and(e.flat) as flat
  from contacts c cross join lateral jsonb_each(c.attributes) a cross join lateral (
    select coalesce(bool_and(jsonb_typeof(item) in ('string', 'number', 'boolean')), true) as flat
    from jsonb_array_elements(case when jsonb_typeof(a.value) = 'array' then a.value else '[]' end) as item) e
  where c.attributes <> '{}' group by 1, 2) found
where name ~ '^[A-Za-z_][A-Za-z0-9_]{0,99}$'
on conflict do nothing;`

/** Names without accents and case; every word begins after a space, so that one or two letters find its beginning. */
const search = `
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists unaccent;
create function fold_text(given text) returns text language sql immutable parallel safe strict
  return lower(unaccent('unaccent'::regdictionary, given));
alter table contacts add search text generated always as (
  fold_text(' ' || coalesce(name, '') || ' ' || coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' ||
    coalesce(email, ''))) stored;
alter table contacts alter search set statistics 1000, set (fillfactor = 85);
create index contacts_search on contacts using gin (workspace_id, search gin_trgm_ops) where merged_into is null;
create index contacts_tags on contacts using gin (workspace_id, tags) where merged_into is null;
create index contacts_merged on contacts (merged_into) where merged_into is not null;
create index identities_search on identities using gin (workspace_id, value gin_trgm_ops) where valid_to is null;
alter table identities alter value set statistics 1000;
create index identities_page on identities (workspace_id, contact_id) where valid_to is null;`

const notes = `
create table contact_notes (
  id uuid primary key, workspace_id uuid not null references workspaces, contact_id uuid not null references contacts,
  body text not null, author text not null, author_name text not null, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index contact_notes_contact on contact_notes (contact_id, id desc);
create table contact_views (
  id uuid primary key, workspace_id uuid not null references workspaces, owner text not null, name text not null,
  shared boolean not null default false, is_default boolean not null default false, query jsonb not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create unique index contact_views_name on contact_views (workspace_id, owner, lower(name));
create unique index contact_views_default on contact_views (workspace_id, owner) where is_default;`

/** What a merge changed, row by row, so that it can be taken back exactly. */
const merges = `
alter table conversations add merged_into uuid references conversations;
create table contact_merges (
  id uuid primary key, workspace_id uuid not null references workspaces, contact_id uuid not null references contacts,
  other_id uuid not null references contacts, by text not null, fields jsonb not null, tags jsonb not null,
  fact_id uuid not null, at timestamptz not null default now(), undone_at timestamptz, undone_by text);
create index contact_merges_contact on contact_merges (contact_id, at desc);
create unique index contact_merges_other on contact_merges (other_id) where undone_at is null;
create table contact_merge_rows (
  merge_id uuid not null references contact_merges on delete cascade, kind text not null, row_id uuid not null,
  data jsonb, primary key (merge_id, kind, row_id));`

/** One change to a filtered set of contacts: a worker carries it out page by page and may be killed at any time. */
const batches = `
create table contact_batches (
  id uuid primary key, workspace_id uuid not null references workspaces, action jsonb not null, filter jsonb not null,
  state text not null default 'running', after_id uuid, before_id uuid not null, done int not null default 0,
  failed int not null default 0, error text, by text not null, cause_id uuid not null,
  claimed_until timestamptz, created_at timestamptz not null default now(), ended_at timestamptz,
  check (state in ('running', 'completed', 'cancelled', 'failed')));
create index contact_batches_page on contact_batches (workspace_id, id desc);
create index contact_batches_due on contact_batches (id) where state = 'running';`
