import { Migration } from '@mikro-orm/migrations'

/** A run that has gone over to another journey by its last card is inside no more, though it has not ended yet. */
export class Jumps extends Migration {
  override up(): void {
    this.addSql('alter table runs add column jumped_at timestamptz')
  }
}
