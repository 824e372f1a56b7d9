/**
 * Up to where somebody has heard: a snapshot of PostgreSQL's transactions. Numbers of events are given before their
 * transactions commit, so no number says what was missed; a snapshot does, exactly.
 */
export interface Cursor {
  /** When it was taken, by the database's clock. */
  atMs: number
  /** What began later was not seen. */
  xmax: bigint
  /** Under way when it was taken: not seen either. */
  running: bigint[]
}

const pattern = /^(\d{1,16})\.(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19}){0,2000})?)$/

/** @param snapshot as PostgreSQL writes one: `xmin:xmax:running,running`. */
export function toCursor(atMs: number, snapshot: string): Cursor {
  const [, xmax = '0', running = ''] = snapshot.split(':')
  return { atMs, xmax: BigInt(xmax), running: running === '' ? [] : running.split(',').map(BigInt) }
}

export function writeCursor({ atMs, xmax, running }: Cursor): string {
  return `${Math.floor(atMs)}.${running[0] ?? xmax}:${xmax}:${running.join(',')}`
}

/** Undefined of what is none. */
export function parseCursor(text: string): Cursor | undefined {
  const [, atMs, xmin, xmax, running] = pattern.exec(text) ?? []
  if (atMs === undefined || xmin === undefined || xmax === undefined || running === undefined)
    return undefined
  const cursor = toCursor(Number(atMs), `${xmin}:${xmax}:${running}`)
  const isWithinRange = [cursor.xmax, ...cursor.running].every((xid) => xid < 2n ** 63n)
  return isWithinRange ? cursor : undefined
}
