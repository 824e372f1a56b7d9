import { Migration } from '@mikro-orm/migrations'

/**
 * What conditions are compiled to: each function gives the same answers as its namesake in src/model/condition-values.ts.
 * Most are written so that PostgreSQL puts their bodies into the query instead of calling them.
 */
export class Segments extends Migration {
  override up(): void {
    for (const statement of [texts, foldedTags, numbers, times, buckets, counts, backfills])
      this.addSql(statement)
  }
}

/** What JavaScript's trim takes away, once NFKC has turned most kinds of space into one. */
const space = String.raw`E' \t\n\x0b\f\r\u1680\u2028\u2029\ufeff'`

/** Nearly all text is normalized already, which is faster seen than done again. */
const texts = `
create function folded(value text) returns text language sql immutable parallel safe as $$
  select case when value is nfkc normalized then lower(btrim(value, ${space}) collate pg_unicode_fast)
    else lower(btrim(normalize(value, NFKC), ${space}) collate pg_unicode_fast) end collate "C" $$;
create function fold_tags(tags text[]) returns text[] language sql immutable parallel safe as $$
  select case when tags = '{}' then '{}' else array(select folded(own.tag) from unnest(tags) as own(tag)) end $$;
create function first_word(value text) returns text language sql immutable parallel safe as $$
  select substring(value from E'[^ \\t\\n\\x0b\\f\\r\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+') $$;`

/** Tags as they are compared: folding them for each question cost more than all else in it. */
const foldedTags = `
alter table contacts add folded_tags text[] not null generated always as (fold_tags(tags)) stored;
drop index contacts_tags;
create index contacts_tags on contacts using gin (workspace_id, folded_tags) where merged_into is null;`

const numbers = String.raw`
create function number_of(value text) returns double precision language sql immutable parallel safe as $$
  select case when value ~ '^[ \t\r\n]*[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?[ \t\r\n]*$'
    then value::double precision end $$;
create function number_text(value jsonb) returns text language sql immutable parallel safe as $$
  select case when abs(value::numeric) >= 1e21 or abs(value::numeric) < 1e-6 and value::numeric <> 0
    then regexp_replace(value::double precision::text, 'e([+-])0+', 'e\1')
    else trim_scale(value::numeric)::text end $$;`

/** Zones of the IANA database whose names have no slash; other such names mean abbreviations or offsets to PostgreSQL. */
const lonelyZones = (
  'UTC GMT GMT0 GMT+0 GMT-0 UCT ZULU UNIVERSAL GREENWICH CET MET EET WET EST MST HST EST5EDT CST6CDT MST7MDT PST8PDT CUBA ' +
  'EGYPT EIRE GB GB-EIRE HONGKONG ICELAND IRAN ISRAEL JAMAICA JAPAN KWAJALEIN LIBYA NAVAJO NZ NZ-CHAT POLAND PORTUGAL PRC ' +
  'ROC ROK SINGAPORE TURKEY W-SU'
)
  .split(' ')
  .map((zone) => `'${zone}'`)
  .join(', ')

const times = String.raw`
create function date_of(value text) returns date language sql stable parallel safe as $$
  select case when value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' and pg_input_is_valid(value, 'date')
    then value::date end $$;
create function instant_of(value text) returns timestamptz language sql stable parallel safe as $$
  select case
    when length(value) = 10 then date_of(value)::timestamp at time zone 'UTC'
    when value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,20})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$'
      and date_of(left(value, 10)) is not null
    then date_trunc('milliseconds', (regexp_replace(value, '(\.[0-9]{3})[0-9]+', '\1')
      || case when value ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' then '' else 'Z' end)::timestamptz) end $$;
create function local_time(at timestamptz, zone text) returns timestamp language sql stable parallel safe as $$
  select case
    when zone is null or zone = '' then at at time zone 'UTC'
    when zone ~ '^[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?$'
      then at at time zone (regexp_replace(zone, '^(...):?(..)?$', '\1:\2') || case when length(zone) = 3 then '00' else '' end)::interval
    when (zone ~ '^[A-Za-z_]+/[A-Za-z0-9_+/-]+$' or upper(zone) in (${lonelyZones}))
      and pg_input_is_valid('2000-01-01 00:00:00 ' || zone, 'timestamptz') then at at time zone zone
    else at at time zone 'UTC' end $$;
create function local_day(value text, zone text) returns date language sql stable parallel safe as $$
  select coalesce(date_of(value), local_time(instant_of(value), zone)::date) $$;
create function is_anniversary(remembered date, day date) returns boolean language sql immutable parallel safe as $$
  select extract(month from remembered) = extract(month from day) and extract(day from remembered) = extract(day from day)
    or extract(month from remembered) = 2 and extract(day from remembered) = 29
      and extract(month from day) = 2 and extract(day from day) = 28 and extract(month from day + 1) = 3 $$;`

/** Prime: see src/model/random-bucket.ts. */
const mixed = (x: string) => `((${x} # (${x} >> 15)) % 2147483647)`
const firstRound = `((('x' || right(id::text, 12))::bit(48)::bigint % 2147483647 * a + b) % 2147483647)`

const buckets = `
create function bucket_of(id uuid, a bigint, b bigint, c bigint, d bigint) returns bigint
  language sql immutable parallel safe as $$
  select (${mixed(firstRound)} * c + d) % 2147483647 % 10000 $$;`

/** Members are counted as they come and go. Several rows a segment, so that transactions seldom wait for each other. */
const counts = `
create table segment_counts (segment_id uuid not null, slot int not null, members bigint not null, primary key (segment_id, slot))
  with (fillfactor = 50);
create function count_segment_members() returns trigger language plpgsql as $$
begin
  insert into segment_counts as n (segment_id, slot, members)
    select segment_id, pg_backend_pid() % 16, count(*) * case tg_op when 'INSERT' then 1 else -1 end
    from changed group by segment_id order by segment_id
  on conflict (segment_id, slot) do update set members = n.members + excluded.members;
  return null;
end $$;
create trigger segment_members_entered after insert on segment_members
  referencing new table as changed for each statement execute function count_segment_members();
create trigger segment_members_left after delete on segment_members
  referencing old table as changed for each statement execute function count_segment_members();
insert into segment_counts select segment_id, 0, count(*) from segment_members group by segment_id;`

/**
 * Finding a segment's first members, or those of a changed condition: all are found at once, then taken in by and by. Who
 * carries it out holds it until \`backfill_until\`; another goes on after that.
 */
const backfills = `
alter table segments add backfill_id uuid, add backfill_until timestamptz, add backfill_cause_id uuid,
  add backfill_staged boolean not null default false, add backfill_after uuid;
create table segment_candidates (backfill_id uuid not null, contact_id uuid not null, primary key (backfill_id, contact_id));`
