import { createHttp } from '../integrations/kit.ts'
import type { Config } from './config.ts'
import { openOrm } from './db/orm.ts'
import type { Deps } from './deps.ts'
import { createBackground } from './kit/background.ts'
import { createLog } from './kit/log.ts'
import { createSeal } from './kit/seal.ts'
import { createScriptPool } from './scripts/script-pool.ts'
import { createTemporalClient } from './temporal/connect.ts'
import { createPayloadCodec } from './temporal/payload-codec.ts'
import { createPayloadKeys } from './temporal/payload-keys.ts'

export type Composed = Deps & { codec: ReturnType<typeof createPayloadCodec> }

/** Constructs what a process works with. Nothing connects yet: PostgreSQL and Temporal may come later. */
export async function compose(config: Config, process: string): Promise<Composed> {
  const { DATABASE_URL, MASTER_KEY } = config
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set')
  if (!MASTER_KEY) throw new Error('MASTER_KEY is not set (openssl rand -hex 32)')
  const log = createLog(config, process)
  const orm = await openOrm(DATABASE_URL, config.DATABASE_POOL_SIZE, log)
  const seal = createSeal(MASTER_KEY)
  const codec = createPayloadCodec(createPayloadKeys(orm, seal))
  const temporal = await createTemporalClient(config, codec)
  return {
    config,
    orm,
    temporal,
    log,
    seal,
    codec,
    background: createBackground(log),
    scripts: createScriptPool(),
    http: createHttp(config.OUTBOUND_ALLOW),
  }
}

/** Lets running work end, then closes connections. */
export async function dispose(deps: Composed): Promise<void> {
  await deps.background.drain()
  await deps.scripts.close()
  await deps.temporal.connection.close()
  await deps.orm.close(true)
}
