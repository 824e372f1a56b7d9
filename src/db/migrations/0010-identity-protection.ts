import { Migration } from '@mikro-orm/migrations'

/** What the public API reads: the identity behind an address, who was new or changed, and how a chat went. */
export class IdentityProtection extends Migration {
  override up(): void {
    for (const statement of [identities, changes]) this.addSql(statement)
  }
}

/**
 * WhatsApp's hash of the person behind an address (a phone number or a BSUID), as one of our numbers was last told it. It
 * is another one after the phone number went to somebody else, or WhatsApp to another phone.
 */
const identities = `
alter table phone_numbers add identity_check boolean not null default false;
create table whatsapp_identities (
  workspace_id uuid not null, number_id uuid not null references phone_numbers, address text not null,
  hash text not null, seen_at timestamptz not null, acknowledged_at timestamptz, acknowledged_by text,
  outdated boolean not null default false, primary key (number_id, address));`

const changes = `
create index contacts_created on contacts (workspace_id, created_at, id) where merged_into is null;
create index contacts_updated on contacts (workspace_id, updated_at, id) where merged_into is null;
create index episodes_conversation on conversation_episodes (conversation_id, opened_at desc);`
