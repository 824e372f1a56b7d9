/** Lets so many do their work at once; whoever comes later waits in line. */
export function createGate(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = width
  const line: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((enter) => line.push(enter))
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next) next()
      else free += 1
    }
  }
}
