import { Migration } from '@mikro-orm/migrations'

/** Under what names other systems' callers know a workspace, a number and a journey. */
export class FlowKeys extends Migration {
  override up(): void {
    this.addSql(names)
  }
}

/** A journey without a key of its own is known by its id. */
const names = `
alter table workspaces add column customer_id bigint generated always as identity (start with 10001);
create unique index workspaces_customer on workspaces (customer_id);
alter table phone_numbers add column bot_ref text not null default substr(md5(gen_random_uuid()::text), 1, 16);
create unique index phone_numbers_bot on phone_numbers (bot_ref);
alter table journeys add column flow_key text;
create unique index journeys_flow_key on journeys (workspace_id, lower(flow_key)) where deleted_at is null;`
