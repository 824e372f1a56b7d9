/** SQL: whether the contact of a row that becomes a conversation is spam. @param row the alias of what has `contact_id`. */
export function isSpam(row: string): string {
  return `exists (select 1 from contacts c where c.id = ${row}.contact_id and c.spam_at is not null)`
}
