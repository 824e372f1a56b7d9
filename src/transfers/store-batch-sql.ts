import { writableAttributes } from '../model/contact-attributes.ts'

/**
 * The statements that store one batch, all set-based: every one takes all rows of the batch at once, so that a million
 * contacts are some hundred round-trips. Names of columns come from our own list, values are bound.
 */

const given = writableAttributes.map((name) => `${name} text`).join(', ')

/** Live until the transaction ends. */
export const workTables = `
create temp table import_batch (row_no bigint, starts_at bigint, bytes int, new_id uuid, wa_id text, alias text,
  external_id text, bsuid text, email_key text, ${given}, attributes jsonb, cleared jsonb, tags jsonb, opt_in boolean)
  on commit drop;
create temp table import_keys (row_no bigint, kind text, scope text, value text, is_alias boolean, holder uuid) on commit drop;
create temp table import_verdicts (row_no bigint, contact_id uuid, is_new boolean, holders uuid[], duplicate_of bigint)
  on commit drop;
create temp table import_todo (row_no bigint, contact_id uuid, is_new boolean, fact_id uuid, changes jsonb, tags text[],
  claims text[]) on commit drop;`

/**
 * Who holds each identity by now. $1 workspace, $2 portfolio of the business-scoped ids. Subqueries, because a join may be
 * planned as a scan of all identities once a row: in a table that is being filled, statistics are of yesterday.
 */
export const findHolders = `
insert into import_keys (row_no, kind, scope, value, is_alias, holder)
select b.row_no, k.kind, k.scope, k.value, k.is_alias, (
  select (select coalesce(c.merged_into, c.id) from contacts c where c.id = i.contact_id) from identities i
  where i.workspace_id = $1 and i.kind = k.kind and i.scope = k.scope and i.value = k.value and i.valid_to is null)
from import_batch b
cross join lateral (values ('wa_id', '', b.wa_id, false), ('wa_id', '', b.alias, true), ('external', '', b.external_id, false),
  ('bsuid', $2::text, b.bsuid, false), ('email', '', b.email_key, false)) k(kind, scope, value, is_alias)
where k.value is not null`

/**
 * Whom each row is about. A row that shares an identity with an earlier one, of this batch or of those before, is a
 * duplicate. $1 import, $2 whether nothing is to be written: then new people are told apart by a made-up id.
 */
export const judgeRows = `
insert into import_verdicts (row_no, contact_id, is_new, holders, duplicate_of)
with known as (
  select row_no, array_agg(distinct holder) filter (where holder is not null) as holders, min(first_row) as first_row,
    min(kind || ' ' || value) filter (where not is_alias) as first_key
  from (select *, min(row_no) over (partition by kind, scope, value) as first_row from import_keys) k group by row_no),
named as (
  select b.row_no, k.holders, nullif(k.first_row, b.row_no) as same_key, k.holders is null as is_new,
    coalesce(k.holders[1], case when $2 then md5(k.first_key)::uuid else b.new_id end) as contact_id
  from import_batch b join known k using (row_no)),
placed as (
  select n.*, min(row_no) filter (where same_key is null and cardinality(coalesce(holders, '{}')) < 2)
    over (partition by contact_id) as first_of_contact
  from named n)
select p.row_no, p.contact_id, p.is_new, p.holders,
  coalesce(p.same_key, nullif(p.first_of_contact, p.row_no), (
    select d.row_no from import_contacts d where d.import_id = $1 and d.contact_id = p.contact_id))
from placed p`

/** $1 import. Duplicates and contradictions go to the rejects with their own words. */
export const rejectRows = `
insert into import_rejects (import_id, row_no, starts_at, bytes, reason)
select $1, b.row_no, b.starts_at, b.bytes, case when cardinality(v.holders) > 1
  then 'its identities belong to different contacts (' || array_to_string(v.holders, ', ') || '): merge them first'
  else 'is about the same person as row ' || v.duplicate_of || ', which counts' end
from import_verdicts v join import_batch b using (row_no)
where v.duplicate_of is not null or cardinality(v.holders) > 1`

const oldAndNew = writableAttributes.map((name) => `('${name}', c.${name}::text, b.${name})`).join(', ')
const anyColumn = writableAttributes
  .map((name) => `(b.${name} is not null and nullif(b.${name}, '') is distinct from c.${name}::text)`)
  .join(' or ')

/**
 * What is to be done with each row that counts. $1 tags that every row gets. Contacts are locked in the order of their ids;
 * what a row says of one that stands as it says already makes no change.
 */
export const planRows = `
insert into import_todo (row_no, contact_id, is_new, fact_id, changes, tags, claims)
with unheld as materialized (
  select row_no, array_agg(kind) as claims from (
    select row_no, kind from import_keys group by row_no, kind having bool_and(holder is null)) k group by row_no)
select v.row_no, v.contact_id, true, uuidv7(), null,
  array(select distinct t from (select unnest($1::text[]) union select jsonb_array_elements_text(b.tags)) n(t)), null
from import_verdicts v join import_batch b using (row_no)
where v.is_new and v.duplicate_of is null and cardinality(coalesce(v.holders, '{}')) < 2
union all
select o.row_no, o.id, false, case when o.changes is not null or o.tags is not null or o.claims is not null then uuidv7() end,
  o.changes, o.tags, o.claims
from (
  select v.row_no, c.id,
    case when ${anyColumn} or b.cleared is not null or exists (
        select 1 from jsonb_each(b.attributes) a where c.attributes -> a.key is distinct from a.value) then (
      select jsonb_object_agg(x.name, jsonb_build_object('old', x.old, 'new', x.new)) from (
        select s.name, to_jsonb(s.old) as old, to_jsonb(nullif(s.given, '')) as new
        from (values ${oldAndNew}) s(name, old, given) where s.given is not null
        union all
        select a.key, c.attributes -> a.key, a.value from jsonb_each(b.attributes) a
        union all
        select e, c.attributes -> e, null from jsonb_array_elements_text(b.cleared) e) x
      where x.old is distinct from x.new) end as changes,
    (select array_agg(distinct t) from (select unnest($1::text[]) union select jsonb_array_elements_text(b.tags)) n(t)
      where t <> all(c.tags)) as tags,
    u.claims
  from import_verdicts v join import_batch b using (row_no) left join unheld u using (row_no)
    cross join lateral (select * from contacts where contacts.id = v.contact_id limit 1) c
  where not v.is_new and v.duplicate_of is null and cardinality(v.holders) < 2 and $2) o`

/** Before `planRows`, for the contacts that it may change. */
export const lockContacts = `
select c.id from contacts c
where c.id = any(array(select contact_id from import_verdicts where not is_new and duplicate_of is null)) order by c.id for no key update`

const columns = writableAttributes.join(', ')
const valueOf = (name: string) => `nullif(b.${name}, '')${name === 'date_of_birth' ? '::date' : ''}`

/** $1 workspace. */
export const insertContacts = `
insert into contacts (id, workspace_id, ${columns}, attributes, tags, source)
select t.contact_id, $1, ${writableAttributes.map(valueOf).join(', ')}, coalesce(b.attributes, '{}'), t.tags, 'import'
from import_todo t join import_batch b using (row_no) where t.is_new order by t.contact_id`

/**
 * $1 workspace. A second form of a phone number is claimed as a little older, since messages go to the newest claim;
 * who is known by one form already keeps that one.
 */
export const insertIdentities = `
insert into identities (id, workspace_id, contact_id, kind, scope, value, source, valid_from)
select uuidv7(), $1, t.contact_id, k.kind, k.scope, k.value, 'import',
  now() - case when k.is_alias then interval '1 second' else interval '0' end
from import_todo t join import_keys k using (row_no)
where t.is_new or k.kind = any(t.claims) order by k.kind, k.scope, k.value
on conflict do nothing`

/** How many claims `insertIdentities` was to make: fewer mean that somebody else has made one meanwhile. */
export const countClaims = `
select count(*)::int as n from import_todo t join import_keys k using (row_no) where t.is_new or k.kind = any(t.claims)`

const assignments = writableAttributes
  .map((name) => `${name} = case when b.${name} is null then c.${name} else ${valueOf(name)} end`)
  .join(', ')

/** $1 workspace. To be run without sequential scans, which would read all contacts once a batch. */
export const updateContacts = `
update contacts c set ${assignments}, updated_at = now(),
  attributes = case when b.attributes is null and b.cleared is null then c.attributes
    else (c.attributes || coalesce(b.attributes, '{}')) - array(select jsonb_array_elements_text(b.cleared)) end,
  tags = case when t.tags is null then c.tags else c.tags || t.tags end
from import_todo t join import_batch b using (row_no)
where not t.is_new and t.fact_id is not null and c.id = t.contact_id and c.workspace_id = $1`

/** $1 workspace, $2 fact of the import, $3 import, $4 who ordered it. One fact a contact that changed. */
export const insertFacts = `
insert into facts (id, workspace_id, at, kind, contact_id, cause_id, data)
select t.fact_id, $1, now(), case when t.is_new then 'contact.created' when t.changes is null and t.claims is null
    then 'tags.changed' else 'attributes.set' end, t.contact_id, $2::uuid,
  jsonb_build_object('by', $4::text, 'import', $3::text, 'row', t.row_no)
    || case when t.is_new then '{"source": "import"}'::jsonb else jsonb_build_object(
      'names', array(select jsonb_object_keys(t.changes)) || array(select case k when 'wa_id' then 'phone'
        when 'external' then 'external_customer_id' else k end from unnest(t.claims) k),
      'added', coalesce(t.tags, '{}'), 'removed', '{}'::text[]) end
from import_todo t where t.fact_id is not null`

/** $1 import. Every row that counts, also one that changed nothing. */
export const insertTouched = `
with touched as (
insert into import_contacts (import_id, contact_id, row_no, outcome, fact_id, changes, tags, opt_in)
select $1, v.contact_id, v.row_no, case when v.is_new then 'created' when t.row_no is null then 'skipped'
    when t.fact_id is not null then 'updated' else 'unchanged' end, t.fact_id, t.changes, nullif(t.tags, '{}'), b.opt_in
from import_verdicts v join import_batch b using (row_no) left join import_todo t using (row_no)
where v.duplicate_of is null and cardinality(coalesce(v.holders, '{}')) < 2 order by v.contact_id
returning outcome)
select outcome, count(*)::int as n from touched group by outcome`
