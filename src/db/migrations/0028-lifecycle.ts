import { Migration } from '@mikro-orm/migrations'

/** What a chat does by the clock: deadlines, return timers, messages of its own, questions after it. */
export class Lifecycle extends Migration {
  override up(): void {
    for (const statement of [settings, timers, scheduled, satisfaction]) this.addSql(statement)
  }
}

const settings = `
create table inbox_settings (
  workspace_id uuid primary key references workspaces, settings jsonb not null, by text not null,
  updated_at timestamptz not null default now());`

/** One that is due and neither fired nor cancelled is done by the chat's workflow, once. */
const timers = `
create table chat_timers (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations, episode_id uuid,
  kind text not null, due_at timestamptz not null, data jsonb not null default '{}', fired_at timestamptz,
  cancelled_at timestamptz, created_at timestamptz not null default now());
create unique index chat_timers_live on chat_timers (conversation_id, kind) where fired_at is null and cancelled_at is null;
create index chat_timers_due on chat_timers (due_at) where fired_at is null and cancelled_at is null;`

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
create index scheduled_messages_page on scheduled_messages (workspace_id, id desc);`

const satisfaction = `
create table satisfaction_answers (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  episode_id uuid not null unique, contact_id uuid not null, user_id uuid references users on delete set null,
  asked_at timestamptz not null, score smallint, comment text, answered_at timestamptz, check (score between 1 and 5));
create index satisfaction_answers_page on satisfaction_answers (workspace_id, id desc);`
