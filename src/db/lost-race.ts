/** Deadlock and serialization: the other transaction went first, and the same work may be done again at once. */
const lostRaces: ReadonlySet<string> = new Set(['40P01', '40001'])

/** Whether PostgreSQL ended a transaction in favour of another one. */
export function isLostRace(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    if (lostRaces.has(String((each as NodeJS.ErrnoException).code))) return true
  return false
}
