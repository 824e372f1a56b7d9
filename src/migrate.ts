import { loadConfig } from './config.ts'
import { migrate } from './db/orm.ts'
import { createLog } from './kit/log.ts'
import { registerSearchAttributes } from './temporal/search-attributes.ts'

const config = loadConfig()
const log = createLog(config, 'migrate')
if (!config.DATABASE_URL) throw new Error('DATABASE_URL is not set')
await migrate(config.DATABASE_URL)
log.info('the database has the newest schema')
if (config.TEMPORAL_ADDRESS) {
  const added = await registerSearchAttributes(config)
  log.info({ added }, 'Temporal knows the search attributes')
}
