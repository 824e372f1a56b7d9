/** From a byte on, up to another and without it. */
export interface ByteRange {
  from: number
  to: number
}

/**
 * The part of a file that a request asks for; undefined when it is to get the whole. Several parts at once are answered with
 * the whole, as the standard allows.
 */
export function readRange(
  range: string | undefined,
  ifRange: string | undefined,
  etag: string,
  bytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? '')
  if (!asked || (ifRange !== undefined && ifRange !== etag)) return undefined
  const [, first = '', last = ''] = asked
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), bytes)
    return length === 0 ? 'unsatisfiable' : { from: bytes - length, to: bytes }
  }
  const from = Number(first)
  if (from >= bytes) return 'unsatisfiable'
  const to = last === '' ? bytes : Math.min(Number(last) + 1, bytes)
  return to <= from ? undefined : { from, to }
}
