import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { childEnvironment, type Config, loadConfig } from '../config.ts'
import { keepMasterKey } from './master-key.ts'
import { rememberedPort } from './ports.ts'

/** Where everything of one `npm start` stands; known before anything is started. */
export interface Places {
  dataDir: string
  port: number
  sandboxPort: number
  baseUrl: string
  sandboxUrl: string
  temporalAddress: string
  temporalUiUrl: string
  temporalPort: number
  temporalUiPort: number
  masterKey: string
}

export function prepareDataDir(config: Config): string {
  const dataDir = resolve(config.DATA_DIR)
  mkdirSync(dataDir, { recursive: true })
  return dataDir
}

export async function choosePlaces(config: Config, dataDir: string): Promise<Places> {
  const port = config.PORT || (await rememberedPort(dataDir, 'api'))
  const sandboxPort = config.SANDBOX_PORT || (await rememberedPort(dataDir, 'sandbox'))
  const ownTemporal = !config.TEMPORAL_ADDRESS
  const temporalPort = ownTemporal ? await rememberedPort(dataDir, 'temporal') : 0
  const temporalUiPort = ownTemporal ? await rememberedPort(dataDir, 'temporalUi') : 0
  return {
    dataDir,
    port,
    sandboxPort,
    baseUrl: `http://127.0.0.1:${port}`,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    temporalAddress: config.TEMPORAL_ADDRESS ?? `127.0.0.1:${temporalPort}`,
    temporalUiUrl: config.TEMPORAL_UI_URL ?? (ownTemporal ? `http://127.0.0.1:${temporalUiPort}` : ''),
    temporalPort,
    temporalUiPort,
    masterKey: config.MASTER_KEY ?? keepMasterKey(dataDir),
  }
}

/** What our own processes run with: WhatsApp is the sandbox unless the user names another place. */
export function describeEnvironment(places: Places, databaseUrl: string): Record<string, string | undefined> {
  return childEnvironment(
    { WHATSAPP_BASE_URL: places.sandboxUrl },
    {
      PORT: String(places.port),
      SANDBOX_PORT: String(places.sandboxPort),
      DATA_DIR: places.dataDir,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: places.temporalAddress,
      TEMPORAL_UI_URL: places.temporalUiUrl,
      MASTER_KEY: places.masterKey,
    },
  )
}

/** The configuration that our own processes will read. */
export function configFor(places: Places, databaseUrl: string): Config {
  return loadConfig(describeEnvironment(places, databaseUrl))
}
