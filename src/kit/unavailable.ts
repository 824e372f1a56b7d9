/** Whether an error says that PostgreSQL or Temporal is away for now: nothing of ours is wrong, and later is better. */
export function isUnavailable(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof AggregateError && current.errors.some(isUnavailable)) return true
    const { code } = current as { code?: unknown }
    if (typeof code === 'string' && (networkCodes.has(code) || sqlStates.test(code))) return true
    if (typeof code === 'number' && grpcCodes.has(code) && 'metadata' in current) return true
    if (poolMessages.test(current.message)) return true
  }
  return false
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])
/** Connection exceptions, too many connections, shutting down, starting up. */
const sqlStates = /^(08(000|001|003|004|006)|53300|57P0[123])$/
/** DEADLINE_EXCEEDED and UNAVAILABLE. */
const grpcCodes = new Set([4, 14])
/** What node-postgres says without a code when a connection breaks or the pool cannot make one in time. */
const poolMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/
