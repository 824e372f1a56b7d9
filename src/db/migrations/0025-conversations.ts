import { Migration } from '@mikro-orm/migrations'

/** The team inbox: how a conversation stands, who has it, what it is tagged with, and what people left in it. */
export class Conversations extends Migration {
  override up(): void {
    for (const statement of [standing, lists, assignments, tags, leavings, messages]) this.addSql(statement)
  }
}

/**
 * Closed is a conversation without a live episode. `active_at` is when customer, agent or journey wrote last: a campaign's
 * blast moves no chat to the top of a list. `waiting_since`: the first message that nobody has answered.
 */
const standing = `
alter table conversations add column status text not null default 'closed', add column snoozed_until timestamptz,
  add column assigned_user_id uuid references users on delete set null,
  add column assigned_group_id uuid references groups on delete set null, add column assigned_at timestamptz,
  add column priority smallint not null default 0, add column spam boolean not null default false,
  add column active_at timestamptz, add column last_inbound_at timestamptz, add column last_message_id uuid,
  add column waiting_since timestamptz, add column queued_at timestamptz,
  add check (status in ('open', 'pending', 'snoozed', 'closed')), add check (priority between 0 and 4);
update conversations v set active_at = v.last_message_at, last_inbound_at = v.window_ends_at - interval '24 hours',
  status = case when exists (select 1 from conversation_episodes e where e.conversation_id = v.id and e.closed_at is null)
    then 'open' else 'closed' end,
  spam = exists (select 1 from contacts c where c.id = v.contact_id and c.spam_at is not null),
  last_message_id = (select m.id from messages m where m.conversation_id = v.id order by m.id desc limit 1);
alter table conversation_episodes add column opened_by text, add column first_response_by text, add column closed_by text,
  add column assigned_at timestamptz, add column reopened int not null default 0;`

const lists = `
create index conversations_active on conversations (workspace_id, active_at desc, id desc)
  where active_at is not null and not spam and merged_into is null;
create index conversations_status on conversations (workspace_id, status, active_at desc, id desc)
  where active_at is not null and not spam and merged_into is null;
create index conversations_user on conversations (assigned_user_id, active_at desc, id desc) where assigned_user_id is not null;
create index conversations_group on conversations (assigned_group_id, active_at desc, id desc)
  where assigned_group_id is not null;
create index conversations_free on conversations (workspace_id, active_at desc, id desc)
  where assigned_user_id is null and status <> 'closed' and not spam and merged_into is null;
create index conversations_mine on conversations (assigned_user_id, active_at desc, id desc)
  where assigned_user_id is not null and status <> 'closed';
create index conversations_spam on conversations (workspace_id, active_at desc, id desc) where spam;
create index conversations_queue on conversations (workspace_id, queued_at, id) where queued_at is not null;`

const assignments = `
create table assignment_events (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  user_set uuid references users on delete set null, user_cleared boolean not null default false,
  group_set uuid references groups on delete set null, group_cleared boolean not null default false,
  by text not null, by_user_id uuid references users on delete set null, reason jsonb, at timestamptz not null default now());
create index assignment_events_chat on assignment_events (conversation_id, id desc);
create index assignment_events_page on assignment_events (workspace_id, id desc);`

/** A tag is the word by which conversations and messages are labelled: its row gives it a colour and a number. */
const tags = `
create table tags (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null references workspaces,
  name text not null, color text, created_at timestamptz not null default now(), unique (workspace_id, name));
insert into tags (id, workspace_id, name)
  select gen_random_uuid(), workspace_id, label from (select distinct workspace_id, label from conversation_labels) l;
alter table conversation_labels add column number bigint generated always as identity unique, add column extra jsonb;
create table message_taggings (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null,
  message_id uuid not null references messages, tag_id uuid not null references tags on delete cascade, extra jsonb, by text not null,
  created_at timestamptz not null default now(), unique (message_id, tag_id));
create table tagging_events (
  id uuid primary key, workspace_id uuid not null, kind text not null, action text not null,
  tag_id uuid not null references tags on delete cascade, conversation_id uuid not null references conversations, message_id uuid, extra jsonb,
  by text not null, by_user_id uuid references users on delete set null, at timestamptz not null default now(),
  check (kind in ('chat', 'message')), check (action in ('added', 'removed')));
create index tagging_events_chat on tagging_events (conversation_id, kind, id desc);
create index tagging_events_tag on tagging_events (tag_id);
create index message_taggings_tag on message_taggings (tag_id);
create index tagging_events_page on tagging_events (workspace_id, kind, id desc);`

/** Up to when somebody has received a conversation's messages, and what people leave in it for each other. */
const leavings = `
create table conversation_reads (
  conversation_id uuid not null references conversations, user_id uuid not null references users on delete cascade,
  workspace_id uuid not null, read_until timestamptz not null, primary key (user_id, conversation_id));
create table conversation_notes (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations, body text not null,
  mentions uuid[] not null default '{}', by text not null, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index conversation_notes_mentions on conversation_notes using gin (mentions);
create index conversation_notes_chat on conversation_notes (conversation_id, id desc);
create table conversation_drafts (
  conversation_id uuid not null references conversations, user_id uuid not null references users on delete cascade,
  workspace_id uuid not null, content jsonb not null, updated_at timestamptz not null default now(),
  primary key (user_id, conversation_id));
create unlogged table conversation_viewers (
  conversation_id uuid not null references conversations, user_id uuid not null references users on delete cascade,
  workspace_id uuid not null, seen_at timestamptz not null default now(), typed_at timestamptz,
  primary key (conversation_id, user_id));
create table inbox_views (
  id uuid primary key, workspace_id uuid not null references workspaces, owner text not null, name text not null,
  shared boolean not null default false, query jsonb not null, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index inbox_views_page on inbox_views (workspace_id, id);
create table saved_responses (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null references workspaces,
  shortcut text, text text not null, by text not null, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), unique (workspace_id, shortcut));
create table notifications (
  id uuid primary key, workspace_id uuid not null, user_id uuid not null references users on delete cascade,
  kind text not null, conversation_id uuid references conversations, data jsonb not null default '{}',
  read_at timestamptz, created_at timestamptz not null default now());
create index notifications_chat on notifications (conversation_id);
create index notifications_user on notifications (user_id, id desc);`

/**
 * Who wrote it, and what became of it later. A reaction, an edit and a deletion are messages that name another one, their target,
 * by its wamid: they may come before it. What a message said before it was changed is kept as its revisions.
 */
const messages = `
alter table messages add column by_user_id uuid, add column media_id uuid, add column edited_at timestamptz,
  add column deleted_at timestamptz, add column target_wamid text;
create index messages_target on messages (number_id, target_wamid) where target_wamid is not null;
update messages set target_wamid = content #>> '{reaction,message_id}'
  where type = 'reaction' and content #>> '{reaction,message_id}' is not null;
create table message_revisions (
  id uuid primary key, workspace_id uuid not null, message_id uuid not null references messages, content jsonb not null,
  text text not null, at timestamptz not null default now());
create index message_revisions_message on message_revisions (message_id, id);`
