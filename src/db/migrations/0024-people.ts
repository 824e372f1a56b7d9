import { Migration } from '@mikro-orm/migrations'

/** Who works here: users and what they may, their groups and roles, and what each of them changed. */
export class People extends Migration {
  override up(): void {
    for (const statement of [roles, users, groups, membership, sessions, audit]) this.addSql(statement)
  }
}

/** What a custom role allows: a level (`none`, `read`, `write`, `manage`) for each area of the platform. */
const roles = `
create table roles (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, description text not null default '',
  levels jsonb not null, created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (workspace_id, name));`

/**
 * Integers stand beside the ids for callers that know people by them. Who has no password yet was invited. What is null of
 * the permissions follows the groups, and then the role.
 */
const users = `
alter table users alter column password_hash drop not null,
  add column number bigint generated always as identity,
  add column first_name text not null default '', add column last_name text not null default '',
  add column email text not null default '', add column role_id uuid references roles,
  add column can_read_chats text, add column can_write_to_chats text, add column can_use_tags boolean,
  add column activation_hash text unique, add column activation_ends_at timestamptz, add column activated_at timestamptz,
  add column deactivated_at timestamptz, add column token_generation int not null default 1, add column token_hash text unique,
  add column sealed_totp text, add column totp_confirmed_at timestamptz, add column totp_last_step bigint,
  add column recovery_hashes text[] not null default '{}',
  add column presence text not null default 'online', add column last_seen_at timestamptz,
  add column capacity int, add column last_assigned_at timestamptz, add column working_hours jsonb,
  add check (role in ('admin', 'user', 'app')), add check (presence in ('online', 'away', 'offline')),
  add check (can_read_chats in ('all', 'group', 'user', 'none')),
  add check (can_write_to_chats in ('all', 'group', 'user', 'none')), add check (capacity >= 0);
update users set activated_at = created_at;
create unique index users_number on users (number);
create index users_page on users (workspace_id, number);
create index users_name on users (lower(username));`

/** Three of every workspace follow the roles; the others are its own. */
const groups = `
create table groups (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null references workspaces,
  name text not null, system text, can_read_chats text, can_write_to_chats text, can_use_tags boolean,
  created_at timestamptz not null default now(), unique (workspace_id, name), unique (workspace_id, system),
  check (system in ('admin', 'user', 'app')), check (can_read_chats in ('all', 'group', 'user', 'none')),
  check (can_write_to_chats in ('all', 'group', 'user', 'none')));
create table group_members (
  group_id uuid not null references groups on delete cascade, user_id uuid not null references users on delete cascade,
  workspace_id uuid not null, primary key (group_id, user_id));
create index group_members_user on group_members (user_id);`

/** However a workspace or a user is made, its groups are there and it is in the one of its role. */
const membership = `
create function found_groups() returns trigger language plpgsql as $$
begin
  insert into groups (id, workspace_id, name, system) values
    (gen_random_uuid(), new.id, 'Admin', 'admin'), (gen_random_uuid(), new.id, 'Regular user', 'user'),
    (gen_random_uuid(), new.id, 'App integration', 'app');
  return null;
end $$;
create trigger found_groups after insert on workspaces for each row execute function found_groups();
insert into groups (id, workspace_id, name, system)
  select gen_random_uuid(), w.id, g.name, g.system from workspaces w
  cross join (values ('Admin', 'admin'), ('Regular user', 'user'), ('App integration', 'app')) as g(name, system);
create function follow_role() returns trigger language plpgsql as $$
begin
  delete from group_members m using groups g where m.user_id = new.id and g.id = m.group_id and g.system is not null;
  insert into group_members (group_id, user_id, workspace_id)
    select g.id, new.id, new.workspace_id from groups g where g.workspace_id = new.workspace_id and g.system = new.role;
  return null;
end $$;
create trigger follow_role after insert or update of role on users for each row execute function follow_role();
insert into group_members (group_id, user_id, workspace_id)
  select g.id, u.id, u.workspace_id from users u join groups g on g.workspace_id = u.workspace_id and g.system = u.role;`

const sessions = `
alter table sessions add column kind text not null default 'platform', add column csrf_hash text, add column address text,
  add column user_agent text, add column last_seen_at timestamptz, add check (kind in ('platform', 'wabbit'));
create index sessions_user on sessions (user_id);`

const audit = `
create table audit_entries (
  id uuid primary key, workspace_id uuid not null, at timestamptz not null default now(), actor text not null,
  action text not null, target jsonb not null default '{}', fields text[] not null default '{}', status int not null,
  address text, request_id text);
create index audit_entries_page on audit_entries (workspace_id, id desc);
create index audit_entries_actor on audit_entries (workspace_id, actor, id desc);
create index audit_entries_action on audit_entries (workspace_id, action, id desc);`
