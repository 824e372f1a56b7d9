import { Migration } from '@mikro-orm/migrations'

/** Outside systems that journeys call, and what a conversation is labelled with. */
export class Apps extends Migration {
  override up(): void {
    for (const statement of [connections, labels]) this.addSql(statement)
  }
}

/** `sealed` is the JSON that the integration's form holds. */
const connections = `
create table app_connections (
  id uuid primary key, workspace_id uuid not null references workspaces, integration text not null, name text not null,
  sealed text not null, tested_at timestamptz, test_ok boolean, test_words text,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  deleted_at timestamptz);
create unique index app_connections_name on app_connections (workspace_id, lower(name)) where deleted_at is null;
create index app_connections_page on app_connections (workspace_id, id) where deleted_at is null;`

const labels = `
create table conversation_labels (
  conversation_id uuid not null references conversations, label text not null, workspace_id uuid not null,
  by text not null, created_at timestamptz not null default now(), primary key (conversation_id, label));
create index conversation_labels_label on conversation_labels (workspace_id, label, conversation_id);`
