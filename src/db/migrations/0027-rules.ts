import { Migration } from '@mikro-orm/migrations'

/** Who gets a chat: rules on tags, rules on what is said and by whom, or a rule engine of the workspace's own. */
export class Rules extends Migration {
  override up(): void {
    for (const statement of [tagRules, assignmentRules, engines, turns, queue]) this.addSql(statement)
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
  last_asked_at timestamptz, last_answer_at timestamptz, last_ignored jsonb, by text not null,
  updated_at timestamptz not null default now());`

/** Whose turn it was, in each group and each other round of people, as a number that grows. */
const turns = `
create table rotation_turns (
  workspace_id uuid not null, rotation text not null, user_id uuid not null references users on delete cascade,
  turn bigint not null, primary key (workspace_id, rotation, user_id));`

/**
 * A chat that nobody could take waits: \`queued_at\` is since when, \`queued_for\` whom it waits for. Whoever gets it or
 * closes it ends that, however they do it. When somebody has one chat less,
 * comes back or may have more, the queue is looked at.
 */
const queue = `
alter table conversations add column queued_for jsonb;
create index conversations_load on conversations (assigned_user_id)
  where assigned_user_id is not null and status in ('open', 'pending');
create function leave_queue() returns trigger language plpgsql as $$
begin
  new.queued_at := null;
  new.queued_for := null;
  return new;
end $$;
create trigger leave_queue before update of assigned_user_id, status, spam, queued_at on conversations for each row
  when (old.queued_at is not null
    and (new.queued_at is null or new.assigned_user_id is not null or new.status = 'closed' or new.spam))
  execute function leave_queue();
create function wake_queue() returns trigger language plpgsql as $$
begin
  insert into outbox (workflow_id, name, payload, claimed_until)
    select 'queue/' || new.workspace_id, 'queueWoken', jsonb_build_object('workspaceId', new.workspace_id), now()
    where exists (select 1 from conversations where workspace_id = new.workspace_id and queued_at is not null);
  return null;
end $$;
create trigger wake_queue after update of assigned_user_id, status on conversations for each row
  when (old.assigned_user_id is not null and old.status in ('open', 'pending')
    and (new.assigned_user_id is distinct from old.assigned_user_id or new.status not in ('open', 'pending')))
  execute function wake_queue();
create trigger wake_queue after update of presence, last_seen_at, capacity, working_hours on users for each row
  when (coalesce(old.last_seen_at < now() - interval '5 minutes', true) or old.presence <> new.presence
    or old.capacity is distinct from new.capacity or old.working_hours is distinct from new.working_hours)
  execute function wake_queue();`
