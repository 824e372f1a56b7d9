import { readFile } from 'node:fs/promises'
import { Client, Connection, type TLSConfig } from '@temporalio/client'
import type { PayloadCodec } from '@temporalio/common'
import type { Config } from '../config.ts'

/** What the client's and the worker's connections have in common. */
export interface TemporalAddress {
  address: string
  apiKey?: string
  tls?: TLSConfig
}

/** Where Temporal is and how to speak to it: plain, TLS, mTLS (cluster or Cloud) or an API key (Cloud). */
export async function connectionOptions(config: Config): Promise<TemporalAddress> {
  const read = (path: string | undefined) => (path ? readFile(path) : undefined)
  const [ca, crt, key] = await Promise.all([
    read(config.TEMPORAL_TLS_CA_PATH),
    read(config.TEMPORAL_TLS_CERT_PATH),
    read(config.TEMPORAL_TLS_KEY_PATH),
  ])
  const usesTls = config.TEMPORAL_TLS || Boolean(config.TEMPORAL_API_KEY || ca || crt)
  return {
    address: config.TEMPORAL_ADDRESS ?? 'localhost:7233',
    ...(config.TEMPORAL_API_KEY && { apiKey: config.TEMPORAL_API_KEY }),
    ...(usesTls && {
      tls: {
        ...(config.TEMPORAL_TLS_SERVER_NAME && { serverNameOverride: config.TEMPORAL_TLS_SERVER_NAME }),
        ...(ca && { serverRootCACertificate: ca }),
        ...(crt && key && { clientCertPair: { crt, key } }),
      },
    }),
  }
}

/** A client that connects at its first call, so that a process may start before Temporal does. */
export async function createTemporalClient(config: Config, codec: PayloadCodec): Promise<Client> {
  const connection = Connection.lazy(await connectionOptions(config))
  return new Client({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: { payloadCodecs: [codec] },
  })
}
