import { Migration } from '@mikro-orm/migrations'

/** What the audience's rooms share: more of a contact, declared attributes, segments, the queue of changes, all events. */
export class Audience extends Migration {
  override up(): void {
    for (const statement of [people, segments, changes, events]) this.addSql(statement)
  }
}

const people = `
alter table contacts add date_of_birth date, add gender text, add city text, add state text, add country text,
  add last_seen_at timestamptz, add spam_at timestamptz, add source text;
create table attribute_definitions (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, type text not null,
  label text, description text, created_at timestamptz not null default now(), unique (workspace_id, name));
alter table messages add campaign_id uuid;
create index messages_contact on messages (contact_id, created_at desc);
create index messages_campaign on messages (campaign_id) where campaign_id is not null;`

const segments = `
create table segments (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, kind text not null,
  condition jsonb, depends_on text[] not null default '{}', time_dependent boolean not null default false,
  evaluated_at timestamptz, swept_at timestamptz, created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  deleted_at timestamptz, check (kind in ('static', 'live')), check ((kind = 'live') = (condition is not null)));
create unique index segments_name on segments (workspace_id, lower(name)) where deleted_at is null;
create table segment_members (
  segment_id uuid not null references segments, contact_id uuid not null references contacts, workspace_id uuid not null,
  entered_at timestamptz not null default now(), cause_id uuid, primary key (segment_id, contact_id));
create index segment_members_contact on segment_members (contact_id);`

/** Rows live for milliseconds: written with a change, removed with the memberships that follow from it. */
const changes = `
create table contact_changes (
  id bigint generated always as identity primary key, workspace_id uuid not null, contact_id uuid not null,
  keys text[] not null, cause_id uuid not null, created_at timestamptz not null default now())
  with (autovacuum_vacuum_scale_factor = 0.01);`

/** Messages tell their events by themselves; they are shown beside the stored ones and never written twice. */
const events = `
alter table workspaces add event_retention_days int check (event_retention_days > 0);
create index event_waits_open on event_waits (workspace_id, event) where taken_at is null;
create index events_page on events (workspace_id, at desc, id desc);
create view contact_events as
  select workspace_id, contact_id, id, type, attributes, at from events
  union all
  select workspace_id, contact_id, id, 'message_received', jsonb_build_object('message_id', id, 'type', type,
    'text', text), created_at from messages where direction = 'in'
  union all
  select workspace_id, contact_id, id, 'button_clicked', jsonb_build_object('message_id', id, 'text', text, 'payload',
    coalesce(content #>> '{button,payload}', content #>> '{interactive,button_reply,id}', content #>> '{interactive,list_reply,id}')),
    created_at from messages where direction = 'in' and (type = 'button' or type = 'interactive'
      and content #>> '{interactive,type}' in ('button_reply', 'list_reply'))
  union all
  select m.workspace_id, m.contact_id, m.id, s.type, jsonb_build_object('message_id', m.id, 'type', m.type, 'campaign_id',
    m.campaign_id, 'code', case when s.type = 'message_failed' then m.reason_code end), s.at
  from messages m cross join lateral (values ('message_sent', m.sent_at), ('message_delivered', m.delivered_at),
    ('message_read', m.read_at), ('message_failed', m.failed_at)) as s(type, at)
  where m.direction = 'out' and s.at is not null;`
