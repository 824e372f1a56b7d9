import { Migration } from '@mikro-orm/migrations'

/** Journeys tried out on audiences, what messages cost, and what must hold before a journey is published. */
export class Simulations extends Migration {
  override up(): void {
    for (const statement of [rateCards, simulations, assertions, certifications]) this.addSql(statement)
  }
}

/** The card with the latest beginning counts. What is marked as an example was made up by us and is to be replaced. */
const rateCards = `
alter table phone_numbers add messaging_limit int;
create table rate_cards (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, currency text not null,
  effective_from timestamptz not null, effective_until timestamptz, free_in_window jsonb not null, rates jsonb not null,
  example boolean not null default false, by text not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create index rate_cards_page on rate_cards (workspace_id, id desc);`

/**
 * \`frozen\` is all that a simulation follows from but the contacts themselves; of those only ids are kept, in the order
 * of their numbers (16 bytes each), and a short hash of what each was like (4 bytes).
 */
const simulations = `
create table simulations (
  id uuid primary key, workspace_id uuid not null references workspaces, journey_id uuid not null references journeys,
  version int, state text not null default 'queued', audience jsonb not null, frozen jsonb not null,
  contacts int not null default 0, done int not null default 0, asked_to_stop boolean not null default false,
  attempt int not null default 0, result jsonb, error text, by text not null,
  created_at timestamptz not null default now(), started_at timestamptz, beat_at timestamptz, ended_at timestamptz,
  check (state in ('queued', 'running', 'completed', 'cancelled', 'failed')));
create index simulations_page on simulations (workspace_id, journey_id, id desc);
create index simulations_due on simulations (id) where state in ('queued', 'running');
create table simulation_contacts (
  simulation_id uuid primary key references simulations on delete cascade, workspace_id uuid not null,
  ids bytea not null, hashes bytea not null);
alter table simulation_contacts alter ids set storage external, alter hashes set storage external;`

const assertions = `
create table journey_assertions (
  id uuid primary key, workspace_id uuid not null references workspaces, journey_id uuid not null references journeys,
  name text not null, scene jsonb not null, expectations jsonb not null, by text not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create unique index journey_assertions_name on journey_assertions (journey_id, name);
alter table journey_versions add overridden jsonb;`

/**
 * A rehearsal is one contact's way, run on Temporal from a tape of what the simulator answered. The tape holds the contact
 * as it was looked at, and is emptied when the rehearsal has ended.
 */
const certifications = `
create table certifications (
  id uuid primary key, workspace_id uuid not null references workspaces,
  simulation_id uuid not null references simulations on delete cascade, state text not null default 'running',
  by text not null, created_at timestamptz not null default now(), ended_at timestamptz,
  check (state in ('running', 'passed', 'failed')));
create index certifications_page on certifications (workspace_id, simulation_id, id desc);
create table rehearsals (
  id uuid primary key, workspace_id uuid not null, certification_id uuid not null references certifications on delete cascade,
  n int not null, contact_id uuid, workflow_id text not null, opening jsonb not null, tape jsonb not null,
  steps jsonb not null, operations int not null, state text not null default 'running', difference text,
  created_at timestamptz not null default now(), ended_at timestamptz,
  check (state in ('running', 'passed', 'failed')));
create index rehearsals_of on rehearsals (certification_id, n);
create index rehearsals_contact on rehearsals (contact_id) where contact_id is not null;`
