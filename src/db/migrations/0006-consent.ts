import { Migration } from '@mikro-orm/migrations'

/** What each person agreed to, what was said about it and when, and how a workspace listens for it. */
export class Consent extends Migration {
  override up(): void {
    for (const statement of [standing, history, words, settings]) this.addSql(statement)
  }
}

/** How it stands: one row a person and category; no row means that nothing was ever said. */
const standing = `
create table consents (
  workspace_id uuid not null, contact_id uuid not null references contacts, category text not null, state text not null,
  source text not null, text text, at timestamptz not null, by text not null, cause_id uuid not null,
  primary key (contact_id, category),
  check (category in ('marketing', 'utility', 'authentication')), check (state in ('opted_in', 'opted_out')));
create index consents_state on consents (workspace_id, category, state);`

/**
 * The proof: every statement, also one that changed nothing. Rows are only ever added; at a merge of contacts they stay
 * with the one they were said by.
 */
const history = `
create table consent_log (
  id uuid primary key, seq bigint generated always as identity, workspace_id uuid not null,
  contact_id uuid not null references contacts, category text not null, state text not null, before text,
  changed boolean not null, source text not null, text text, message_id uuid, at timestamptz not null, by text not null,
  cause_id uuid not null, recorded_at timestamptz not null default now());
create index consent_log_contact on consent_log (contact_id, seq desc);
create index consent_log_page on consent_log (workspace_id, seq desc);`

/** Messages that were such words: what was understood, and what is left to do about them (answer, let journeys start). */
const words = `
create table consent_messages (
  message_id uuid primary key references messages, workspace_id uuid not null, state text not null, category text not null,
  word text not null, language text, rule text not null, reply text, routed boolean not null,
  check (reply in ('stopped', 'stoppedMarketing', 'started')));`

/** A workspace's settings have no number; a number's stand in for them. */
const settings = `
create table consent_settings (
  workspace_id uuid not null references workspaces, number_id uuid references phone_numbers, settings jsonb not null,
  by text not null, updated_at timestamptz not null default now(), unique nulls not distinct (workspace_id, number_id));`
