import { Migration } from '@mikro-orm/migrations'

/** Who gets a chat: rules on tags, rules on what is said and by whom, or a rule engine of the workspace's own. */
export class Rules extends Migration {
  override up(): void {
    for (const statement of [tagRules, assignmentRules, engines]) this.addSql(statement)
  }
}

/** Without a tag: on every fresh message. */
const tagRules = `
create table tag_rules (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null references workspaces,
  position int not null, tag_id uuid references tags on delete cascade, user_id uuid references users on delete cascade,
  group_id uuid references groups on delete cascade, method text, by text not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (num_nonnulls(user_id, group_id) = 1),
  check ((group_id is null) = (method is null)), check (method in ('round_robin', 'let_group_decide')));
create index tag_rules_page on tag_rules (workspace_id, position, id);`

const assignmentRules = `
create table assignment_rules (
  id uuid primary key, workspace_id uuid not null references workspaces, number_id uuid references phone_numbers,
  position int not null, name text not null, enabled boolean not null default true, definition jsonb not null, by text not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create index assignment_rules_page on assignment_rules (workspace_id, position, id);`

/** What it was asked and did not answer is done by the default rules, and shown. */
const engines = `
create table rule_engines (
  workspace_id uuid primary key references workspaces, url text not null, sealed_headers text, timeout_ms int not null,
  enabled boolean not null default true, failing_since timestamptz, last_error text, last_error_at timestamptz,
  last_answer_at timestamptz, by text not null, updated_at timestamptz not null default now());`
