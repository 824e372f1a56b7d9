import { Migration } from '@mikro-orm/migrations'

/** Words and parts of words in everything that was said; a campaign's text is found by its campaign. */
export class MessageSearch extends Migration {
  override up(): void {
    this.addSql(`
create index messages_words on messages using gin (workspace_id, to_tsvector('simple', text))
  where campaign_run_id is null and text <> '';
create index messages_parts on messages using gin (workspace_id, text gin_trgm_ops)
  where campaign_run_id is null and text <> '';`)
  }
}
