import { Migration } from '@mikro-orm/migrations'

/** What happens in the inbox, for open screens and for whoever is called back. */
export class Live extends Migration {
  override up(): void {
    for (const statement of [events, rights, endpoints, deliveries]) this.addSql(statement)
  }
}

/**
 * Written in the transaction of what they tell. Numbers are given before a transaction commits, so whoever resumes asks by
 * transaction: everything from those that were not finished when it last looked.
 */
const events = `
create table live_events (
  seq bigint generated always as identity primary key, xid xid8 not null default pg_current_xact_id(),
  workspace_id uuid not null, kind text not null, conversation_id uuid, data jsonb not null default '{}',
  at timestamptz not null default now());
create index live_events_resume on live_events (workspace_id, xid, seq);`

/**
 * Whatever ends or changes what somebody may is told at the commit, whoever does it: open sockets end. These are rare, so
 * that notifying inside the transaction costs nobody anything.
 */
const rights = `
create function tell_of_rights() returns trigger language plpgsql as $$
begin
  case tg_table_name
    when 'users' then perform pg_notify('dripline_rights', 'user ' || old.id);
    when 'sessions' then perform pg_notify('dripline_rights', 'session ' || old.id);
    when 'api_keys' then perform pg_notify('dripline_rights', 'key ' || old.id);
    when 'group_members' then perform pg_notify('dripline_rights', 'user ' || coalesce(new.user_id, old.user_id));
    when 'groups' then
      perform pg_notify('dripline_rights', 'user ' || m.user_id) from group_members m where m.group_id = old.id;
    when 'roles' then perform pg_notify('dripline_rights', 'user ' || u.id) from users u where u.role_id = old.id;
  end case;
  return null;
end $$;
create trigger tell_of_rights after update on users for each row when (
  (old.role, old.role_id, old.can_read_chats, old.can_write_to_chats, old.can_use_tags, old.password_hash, old.token_generation,
    old.activated_at, old.deactivated_at) is distinct from
  (new.role, new.role_id, new.can_read_chats, new.can_write_to_chats, new.can_use_tags, new.password_hash, new.token_generation,
    new.activated_at, new.deactivated_at)) execute function tell_of_rights();
create trigger tell_of_lost_rights after delete on users for each row execute function tell_of_rights();
create trigger tell_of_rights after delete on sessions for each row execute function tell_of_rights();
create trigger tell_of_rights after update on api_keys for each row when
  ((old.revoked_at, old.secret_hash) is distinct from (new.revoked_at, new.secret_hash)) execute function tell_of_rights();
create trigger tell_of_rights after insert or delete on group_members for each row execute function tell_of_rights();
create trigger tell_of_rights after update on groups for each row when
  ((old.can_read_chats, old.can_write_to_chats, old.can_use_tags) is distinct from
   (new.can_read_chats, new.can_write_to_chats, new.can_use_tags)) execute function tell_of_rights();
create trigger tell_of_rights after update on roles for each row when (old.levels is distinct from new.levels)
  execute function tell_of_rights();`

const endpoints = `
create table webhook_endpoints (
  id uuid primary key, number bigint generated always as identity unique, workspace_id uuid not null references workspaces,
  number_id uuid references phone_numbers, user_id uuid references users on delete cascade, form text not null default 'standard',
  name text not null default '', url text not null, kinds text[] not null, sealed_secret text, sealed_headers text,
  failing_since timestamptz, resumes_at timestamptz,
  disabled_at timestamptz, disabled_reason text, by text not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (form in ('standard', 'wabbit')));
create unique index webhook_endpoints_user on webhook_endpoints (user_id, number_id) where form = 'wabbit';
create index webhook_endpoints_page on webhook_endpoints (workspace_id, id);`

const deliveries = `
create table webhook_deliveries (
  id uuid primary key default uuidv7(), workspace_id uuid not null,
  endpoint_id uuid not null references webhook_endpoints on delete cascade,
  kind text not null, conversation_id uuid, data jsonb not null, event_seq bigint not null, state text not null default 'pending',
  attempts int not null default 0, next_at timestamptz not null default now(), delivered_at timestamptz, status int, answer text,
  error text, created_at timestamptz not null default now(), unique (endpoint_id, event_seq),
  check (state in ('pending', 'delivered', 'failed')));
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_at) where state = 'pending';
create table webhook_attempts (
  id uuid primary key default uuidv7(), workspace_id uuid not null, delivery_id uuid not null references webhook_deliveries on delete cascade,
  at timestamptz not null default now(), status int, answer text, error text, ms int not null);
create index webhook_attempts_delivery on webhook_attempts (delivery_id, id);`
