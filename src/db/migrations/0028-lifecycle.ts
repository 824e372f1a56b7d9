import { Migration } from '@mikro-orm/migrations'

/** What a chat does by the clock: deadlines, return timers, messages of its own, questions after it. */
export class Lifecycle extends Migration {
  override up(): void {
    for (const statement of [settings, timers, deadlines, scheduled, satisfaction]) this.addSql(statement)
  }
}

const settings = `
create table inbox_settings (
  workspace_id uuid primary key references workspaces, settings jsonb not null, by text not null,
  updated_at timestamptz not null default now());`

/** One that is due is done by the chat's workflow, once: what it is for (\`basis\`) is remembered with it. */
const timers = `
create table chat_timers (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations, episode_id uuid,
  kind text not null, basis text not null, due_at timestamptz not null, fired_at timestamptz,
  created_at timestamptz not null default now(), unique (conversation_id, kind, basis));
create index chat_timers_due on chat_timers (due_at) where fired_at is null;
create index chat_timers_live on chat_timers (conversation_id) where fired_at is null;`

/** By when an episode must be answered and closed, and when that was missed. */
const deadlines = `
alter table conversation_episodes add column first_response_due_at timestamptz, add column resolution_due_at timestamptz,
  add column first_response_breached_at timestamptz, add column resolution_breached_at timestamptz;
alter table conversations add column unavailable_said_at timestamptz;`

const scheduled = `
create table scheduled_messages (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  what jsonb not null, vars jsonb not null default '{}', class text not null, due_at timestamptz not null,
  on_reply text not null default 'hold',
  state text not null default 'scheduled', reason text, message_id uuid, by text not null, by_user_id uuid,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), settled_at timestamptz,
  check (on_reply in ('hold', 'cancel', 'send')),
  check (state in ('scheduled', 'held', 'sent', 'cancelled', 'failed')));
create index scheduled_messages_chat on scheduled_messages (conversation_id, due_at) where state in ('scheduled', 'held');
create index scheduled_messages_due on scheduled_messages (due_at) where state = 'scheduled';
create index scheduled_messages_page on scheduled_messages (workspace_id, id desc);`

const satisfaction = `
create table satisfaction_answers (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  episode_id uuid not null unique, contact_id uuid not null, user_id uuid references users on delete set null,
  asked_at timestamptz not null, question_message_id uuid, comment_until timestamptz, score smallint, comment text, answered_at timestamptz, check (score between 1 and 5));
create index satisfaction_answers_comment on satisfaction_answers (conversation_id) where comment_until is not null;
create index satisfaction_answers_contact on satisfaction_answers (contact_id, asked_at);
create index satisfaction_answers_page on satisfaction_answers (workspace_id, id desc);`
