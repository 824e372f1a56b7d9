/** What a report is narrowed to; nothing is everything. */
export interface Asked {
  version: string
  from: string
  to: string
}
