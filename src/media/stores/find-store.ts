import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { databaseStore } from './database-store.ts'
import { diskStore } from './disk-store.ts'
import { s3Store } from './s3-store.ts'
import type { MediaStore } from './store.ts'

export type StoreName = Config['MEDIA_STORE']

/** A store may hold connections: a process opens each once. */
const opened = new WeakMap<object, Partial<Record<StoreName, MediaStore>>>()

/** The store of that name. New files go to the one that is configured, others stay where they are. */
export function findStore({ orm, config }: Pick<Deps, 'orm' | 'config'>, name: StoreName): MediaStore {
  const stores = opened.get(config) ?? {}
  opened.set(config, stores)
  stores[name] ??= makers[name]({ orm, config })
  return stores[name]
}

const makers: Record<StoreName, (deps: Pick<Deps, 'orm' | 'config'>) => MediaStore> = {
  database: ({ orm }) => databaseStore(orm),
  disk: ({ config }) => diskStore(config.MEDIA_DIR ?? `${config.DATA_DIR}/media`),
  s3: ({ config }) => s3Store(config),
}
