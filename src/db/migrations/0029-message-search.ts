import { Migration } from '@mikro-orm/migrations'

/**
 * Words and parts of words in everything that was said, and all of it by time: what is in every fiftieth message is found faster by
 * looking at the newest ones. A campaign's text is found by its campaign; a reaction is shown at its message.
 */
export class MessageSearch extends Migration {
  override up(): void {
    this.addSql(`
create index messages_words on messages using gin (workspace_id, to_tsvector('simple', text))
  where campaign_run_id is null and target_wamid is null and text <> '';
create index messages_parts on messages using gin (workspace_id, text gin_trgm_ops)
  where campaign_run_id is null and target_wamid is null and text <> '';
-- How frequent a word is: of an index that holds a part of the rows, PostgreSQL does not use its own count.
create statistics messages_frequent_words on to_tsvector('simple', text) from messages;
create index messages_said on messages (workspace_id, id desc)
  where campaign_run_id is null and target_wamid is null and text <> '';`)
  }
}
