/**
 * Makes something of a text once and keeps it: for what follows from the text alone, so that nobody can tell what was kept
 * from what is made anew. Workflows may share it. When it is full it begins again.
 */
export function remember<T>(make: (text: string) => T, maximumKept: number): (text: string) => T {
  const kept = new Map<string, { made: T }>()
  return (text) => {
    const known = kept.get(text)
    if (known) return known.made
    const made = make(text)
    if (kept.size >= maximumKept) kept.clear()
    kept.set(text, { made })
    return made
  }
}
