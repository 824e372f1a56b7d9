import type { Client } from '@temporalio/client'
import type { Http } from '../integrations/kit.ts'
import type { Config } from './config.ts'
import type { Orm } from './db/orm.ts'
import type { Background } from './kit/background.ts'
import type { Log } from './kit/log.ts'
import type { Seal } from './kit/seal.ts'
import type { ScriptPool } from './scripts/script-pool.ts'

/** What every feature function may use; only the processes construct it, and tests put fakes in. */
export interface Deps {
  config: Config
  orm: Orm
  temporal: Client
  log: Log
  seal: Seal
  background: Background
  scripts: ScriptPool
  /** To addresses that somebody typed in. */
  http: Http
}
