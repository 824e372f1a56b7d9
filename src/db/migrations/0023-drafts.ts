import { Migration } from '@mikro-orm/migrations'

/** Which edition of its draft a journey has, and who made it when: whoever edits an older one is told. */
export class Drafts extends Migration {
  override up(): void {
    this.addSql(`alter table journeys add column draft_revision int not null default 1, add column draft_by text,
      add column draft_at timestamptz;`)
  }
}
