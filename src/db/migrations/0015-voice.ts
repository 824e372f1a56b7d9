import { Migration } from '@mikro-orm/migrations'

/** One person, one voice: what the arbiter counts, who waits for the floor, and whom an agent talks to. */
export class Voice extends Migration {
  override up(): void {
    for (const statement of [arbiter, floors, takeovers]) this.addSql(statement)
  }
}

/** The index stands still when statuses come: none of them changes what it is made of. */
const arbiter = `
create table arbiter_settings (
  workspace_id uuid primary key references workspaces, settings jsonb not null, by text not null,
  updated_at timestamptz not null default now());
create table arbiter_waits (
  workspace_id uuid not null, send_key text not null, contact_id uuid not null references contacts, category text not null,
  priority int not null, code text not null, reason text not null, until timestamptz not null,
  expires_at timestamptz not null, run_id uuid, workflow_id text, fact_id uuid not null,
  asked_at timestamptz not null default now(), primary key (workspace_id, send_key));
create index arbiter_waits_contact on arbiter_waits (contact_id);
create index arbiter_waits_expiry on arbiter_waits (expires_at);
alter table messages add column category text, add column proactive boolean not null default false;
create index messages_proactive on messages (contact_id, inflight_at) where proactive;`

/** Journeys whose question stands while another one asks: a stack, one place a run. */
const floors = `
create table floor_waits (
  workspace_id uuid not null, conversation_id uuid not null references conversations, workflow_id text not null,
  ask_key text not null, since timestamptz not null default now(), primary key (conversation_id, workflow_id));`

/** What a hold of kind 'agent' is about. `ends_at`: handed back then by itself; of a hand-off that nobody took, given up. */
const takeovers = `
create table takeover_settings (
  workspace_id uuid primary key references workspaces, settings jsonb not null, by text not null,
  updated_at timestamptz not null default now());
create table takeovers (
  hold_id uuid primary key references holds, workspace_id uuid not null, conversation_id uuid not null references conversations,
  contact_id uuid not null, kind text not null, run_id uuid, target jsonb, reason text not null default '', by text not null,
  began_at timestamptz not null default now(), taken_at timestamptz, taken_by text, ends_at timestamptz,
  ended_at timestamptz, ended_by text, outcome text, action text, card_id text, fact_id uuid not null, effect_key text,
  check (kind in ('taken', 'typing', 'message', 'echo', 'handoff')),
  check (ended_at is null or outcome in ('handed-back', 'timeout')));
create unique index takeovers_active on takeovers (conversation_id) where ended_at is null;
create unique index takeovers_effect on takeovers (workspace_id, effect_key) where effect_key is not null;
create index takeovers_page on takeovers (workspace_id, hold_id) where ended_at is null;
create index takeovers_due on takeovers (ends_at) where ended_at is null and ends_at is not null;`
