import { Migration } from '@mikro-orm/migrations'

/** The rows the rest leans on (workspaces, identity claims, the send ledger, facts, outbox, journeys). */
export class FirstHouse extends Migration {
  override up(): void {
    for (const statement of [tenancy, people, inbox, trace, journeys]) this.addSql(statement)
  }
}

const tenancy = `
create table workspaces (
  id uuid primary key, name text not null, created_at timestamptz not null default now());
create table users (
  id uuid primary key, workspace_id uuid not null references workspaces, username text not null unique,
  password_hash text not null, role text not null, created_at timestamptz not null default now());
create table sessions (
  id uuid primary key, user_id uuid not null references users on delete cascade, workspace_id uuid not null,
  token_hash text not null unique, expires_at timestamptz not null, created_at timestamptz not null default now());
create table phone_numbers (
  id uuid primary key, workspace_id uuid not null references workspaces, phone_number_id text not null unique,
  waba_id text not null, display_number text not null, portfolio_id text not null default '',
  sealed_access_token text not null, sealed_app_secret text not null, verify_token_hash text not null,
  messages_per_second int not null default 80, next_slot_at timestamptz not null default now(),
  created_at timestamptz not null default now());
create table api_keys (
  id uuid primary key, workspace_id uuid not null references workspaces, number_id uuid references phone_numbers,
  name text not null, kind text not null default 'platform', prefix text not null unique, secret_hash text not null,
  created_at timestamptz not null default now(), last_used_at timestamptz, revoked_at timestamptz);
create table payload_keys (
  id uuid primary key, workspace_id uuid not null, subject text not null, sealed_key text,
  created_at timestamptz not null default now(), erased_at timestamptz, unique (workspace_id, subject));
create table idempotency_keys (
  workspace_id uuid not null, key text not null, request_hash text not null, status int, body jsonb,
  created_at timestamptz not null default now(), primary key (workspace_id, key));`

const people = `
create table contacts (
  id uuid primary key, workspace_id uuid not null references workspaces, name text, first_name text, last_name text,
  email text, language text, time_zone text, attributes jsonb not null default '{}', tags text[] not null default '{}',
  opted_out_at timestamptz, merged_into uuid, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now());
create index contacts_page on contacts (workspace_id, id);
create table identities (
  id uuid primary key, workspace_id uuid not null, contact_id uuid not null references contacts, kind text not null,
  scope text not null default '', value text not null, source text not null,
  valid_from timestamptz not null default now(), valid_to timestamptz);
create unique index identities_claim on identities (workspace_id, kind, scope, value) where valid_to is null;
create index identities_contact on identities (contact_id);
create table event_types (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null,
  attributes jsonb not null default '{}', created_at timestamptz not null default now(), unique (workspace_id, name));
create table events (
  id uuid not null, workspace_id uuid not null, contact_id uuid not null, type text not null,
  attributes jsonb not null, at timestamptz not null, primary key (id, at)) partition by range (at);
create index events_contact on events (contact_id, at desc);
create table event_receipts (
  workspace_id uuid not null, event_id text not null, id uuid not null, primary key (workspace_id, event_id));`

const inbox = `
create table conversations (
  id uuid primary key, workspace_id uuid not null, number_id uuid not null references phone_numbers,
  contact_id uuid not null references contacts, floor_workflow_id text, floor_ask_key text,
  window_ends_at timestamptz, pair_free_at timestamptz not null default '-infinity',
  last_message_at timestamptz, created_at timestamptz not null default now(), unique (number_id, contact_id));
create index conversations_page on conversations (workspace_id, id);
create index conversations_contact on conversations (contact_id);
create table conversation_episodes (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  opened_at timestamptz not null default now(), first_response_at timestamptz, closed_at timestamptz, outcome text);
create unique index episodes_live on conversation_episodes (conversation_id) where closed_at is null;
create table messages (
  id uuid primary key, workspace_id uuid not null, conversation_id uuid not null references conversations,
  number_id uuid not null, contact_id uuid not null, direction text not null, type text not null,
  content jsonb not null, text text not null default '', wamid text, context_wamid text, sent_by_customer_at timestamptz,
  answers_ask_key text, run_id uuid, card_id text, fact_id uuid not null, cause_id uuid,
  send_key text, class text, state text, attempt int not null default 0, epoch int not null default 0,
  reason_code text, reason text, waiting_workflow_id text, inflight_at timestamptz, accepted_at timestamptz,
  status text, sent_at timestamptz, delivered_at timestamptz, read_at timestamptz, played_at timestamptz,
  failed_at timestamptz, created_at timestamptz not null default now(),
  check (direction in ('in', 'out')),
  check (direction = 'in' or state in ('planned', 'inflight', 'accepted', 'failed', 'unknown', 'skipped')))
  -- Room for the versions that sent, delivered and read make, on the same page: their indexes then stay untouched.
  with (fillfactor = 70);
create unique index messages_wamid on messages (number_id, wamid);
create unique index messages_send_key on messages (workspace_id, send_key);
create index messages_conversation on messages (conversation_id, id desc);
create index messages_run on messages (run_id) where run_id is not null;
create index messages_inflight on messages (inflight_at) where state = 'inflight';
create table message_statuses (
  wamid text not null, status text not null, participant text not null default '', workspace_id uuid not null,
  number_id uuid not null, message_id uuid, at timestamptz not null, raw jsonb not null,
  received_at timestamptz not null default now(), primary key (wamid, status, participant));
create index message_statuses_message on message_statuses (message_id);
create table inbound_items (
  id uuid primary key, workspace_id uuid, field text not null, dedupe_key text not null unique, raw jsonb not null,
  error text, settled_at timestamptz, received_at timestamptz not null default now());
create index inbound_items_page on inbound_items (workspace_id, id desc);`

const trace = `
create table facts (
  id uuid not null, workspace_id uuid not null, at timestamptz not null, kind text not null, contact_id uuid,
  run_id uuid, cause_id uuid, data jsonb not null default '{}', primary key (id, at)) partition by range (at);
create index facts_contact on facts (contact_id, at);
create index facts_run on facts (run_id, at) where run_id is not null;
create table outbox (
  id bigint generated always as identity primary key, workflow_id text not null, name text not null,
  payload jsonb not null, claimed_until timestamptz not null, attempts int not null default 0, error text,
  created_at timestamptz not null default now());
create index outbox_due on outbox (claimed_until, id);
create index outbox_workflow on outbox (workflow_id, id);
create table worker_beats (id uuid primary key, seen_at timestamptz not null);
create function ensure_partitions() returns void language plpgsql as $$
declare first date; parent text;
begin
  foreach parent in array array['facts', 'events'] loop
    for first in select generate_series(date_trunc('month', now()) - interval '1 month',
                                        date_trunc('month', now()) + interval '3 months', '1 month')::date loop
      execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
        parent || '_' || to_char(first, 'YYYY_MM'), parent, first, (first + interval '1 month')::date);
    end loop;
    execute format('create table if not exists %I partition of %I default', parent || '_other', parent);
  end loop;
end $$;
select ensure_partitions();`

const journeys = `
create table journeys (
  id uuid primary key, workspace_id uuid not null references workspaces, number_id uuid not null references phone_numbers,
  name text not null, draft jsonb not null, published_version_id uuid, deleted_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create index journeys_page on journeys (workspace_id, id);
create table journey_versions (
  id uuid primary key, workspace_id uuid not null, journey_id uuid not null references journeys, number int not null,
  definition jsonb not null, published_at timestamptz not null default now(), unique (journey_id, number));
alter table journeys add foreign key (published_version_id) references journey_versions;
create table runs (
  id uuid primary key, workspace_id uuid not null, journey_id uuid not null references journeys,
  version_id uuid not null references journey_versions, contact_id uuid not null references contacts,
  conversation_id uuid not null references conversations, number_id uuid not null, lineage_id uuid not null,
  entry text not null, workflow_id text not null unique, state text not null, card_id text, error_code text,
  error_reason text, outcome text, goal_reached boolean, vars jsonb not null default '{}', epoch int not null default 0,
  fact_id uuid not null, started_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  ended_at timestamptz, check (state in ('running','waiting','stuck','paused','completed','exited','cancelled','failed')));
create unique index runs_entry on runs (workspace_id, journey_id, contact_id, entry);
create index runs_page on runs (workspace_id, id desc);
create index runs_journey on runs (journey_id, state, id desc);
create index runs_contact on runs (contact_id, journey_id, started_at desc);
create index runs_lineage on runs (lineage_id);
create table event_waits (
  run_id uuid not null references runs, wait_key text not null, workspace_id uuid not null, contact_id uuid not null,
  event text not null, condition jsonb, workflow_id text not null, taken_at timestamptz, primary key (run_id, wait_key));
create index event_waits_contact on event_waits (contact_id, event) where taken_at is null;`
