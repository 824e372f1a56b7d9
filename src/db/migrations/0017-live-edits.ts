import { Migration } from '@mikro-orm/migrations'

/** Runs that move to another version of their journey: by which plan, and from where each came. */
export class LiveEdits extends Migration {
  override up(): void {
    this.addSql(migrations)
  }
}

/**
 * A migration is a bulk operation with a plan; they have one id. Where a run came from is written with its move, so that it
 * finds back.
 */
const migrations = `
create table journey_migrations (
  id uuid primary key references bulk_operations on delete cascade, workspace_id uuid not null references workspaces,
  journey_id uuid not null references journeys, from_version_ids jsonb not null,
  to_version_id uuid references journey_versions, plan jsonb not null, rolls_back uuid references journey_migrations,
  created_at timestamptz not null default now());
create index journey_migrations_page on journey_migrations (journey_id, id desc);
create table migrated_runs (
  migration_id uuid not null references journey_migrations on delete cascade, run_id uuid not null references runs,
  workspace_id uuid not null, from_version_id uuid not null references journey_versions, from_card text, to_card text,
  entered_at timestamptz,  moved_at timestamptz not null default now(), primary key (migration_id, run_id));
create index if not exists runs_inside on runs (journey_id) where ended_at is null;`
