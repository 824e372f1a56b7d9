import { Migration } from '@mikro-orm/migrations'

/** What callers of Wabbit's API lean on. */
export class Wabbit extends Migration {
  override up(): void {
    for (const statement of [numbers, checks, templates]) this.addSql(statement)
  }
}

/** Whose chats a user's token reads and from which number it sends; the workspace's first when nobody said. */
const numbers = `
alter table users add column number_id uuid references phone_numbers on delete set null;`

/** What was last found out about a phone number, so that asking again does not ask again. */
const checks = `
create table contact_checks (
  workspace_id uuid not null references workspaces, wa_id text not null, status text not null,
  checked_at timestamptz not null default now(), primary key (workspace_id, wa_id), check (status in ('valid', 'invalid')));`

/** A category of the time before Meta's three: it is sent as one of them, and shown as it was given. */
const templates = `
alter table templates add column legacy_category text;`
