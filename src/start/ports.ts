import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { readJson, writeJson } from './json-file.ts'

/** A port that the user chose, and the variable that changes it. */
export interface NamedPort {
  variable: string
  port: number
  purpose: string
}

/** One clear line for each port that something else listens on. */
export async function describeBusyPorts(ports: NamedPort[]): Promise<string[]> {
  const lines: string[] = []
  for (const { variable, port, purpose } of ports) {
    if (await isPortFree(port)) continue
    lines.push(`Port ${port} (${purpose}) is taken: set ${variable} to another one.`)
  }
  return lines
}

/**
 * A free port for `name`, the same one at every start: `DATA_DIR/ports.json` remembers it. Remembered ports that are
 * taken meanwhile are replaced.
 */
export async function rememberedPort(dataDir: string, name: string): Promise<number> {
  const path = join(dataDir, 'ports.json')
  const known = readJson<Record<string, number>>(path)?.[name]
  if (known && (await isPortFree(known))) return known
  const port = await findFreePort()
  // Read again: another port may have been remembered while this one was looked for.
  writeJson(path, { ...readJson<Record<string, number>>(path), [name]: port })
  return port
}

/** Free on every address, and on the loopback: some systems let a loopback socket hide behind a wildcard one. */
async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port)) && (await canListen(port, '127.0.0.1'))
}

/**
 * Below the range that systems take outgoing ports from (32768 up, on Linux): a client that keeps dialling a server
 * of ours that is down could otherwise be given the server's own port and keep it from coming back.
 */
async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isPortFree(port)) return port
  }
}

function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
