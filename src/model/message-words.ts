/** A place by its name and address, or by where it is. */
export function describePlace(place: Record<string, unknown> | undefined): string | undefined {
  const named = [place?.['name'], place?.['address']].filter(isWord)
  if (named.length > 0) return named.join(', ')
  const { latitude, longitude } = place ?? {}
  return typeof latitude === 'number' && typeof longitude === 'number'
    ? `${latitude}, ${longitude}`
    : undefined
}

/** Whom shared contact cards are of. */
export function describePeople(cards: unknown): string | undefined {
  if (!Array.isArray(cards)) return undefined
  const names = cards.flatMap((card: unknown) => {
    const { name } = (card ?? {}) as { name?: { formatted_name?: unknown } }
    return isWord(name?.formatted_name) ? [name.formatted_name] : []
  })
  return names.length > 0 ? names.join(', ') : undefined
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
