import { pino, type Logger } from 'pino'
import type { Config } from '../config.ts'

export type Log = Logger

/** JSON lines; what could name or unlock somebody is cut out. */
export function createLog(config: Pick<Config, 'LOG_LEVEL'>, process: string): Log {
  return pino({
    level: config.LOG_LEVEL,
    base: { process },
    redact: [
      '*.accessToken',
      '*.appSecret',
      '*.password',
      '*.token',
      'req.headers.authorization',
      'req.headers.cookie',
    ],
  })
}
