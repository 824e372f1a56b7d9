/** `%` and `_` of a search are characters, not patterns. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
