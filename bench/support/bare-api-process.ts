import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { askHttp } from '../../src/start/ask-http.ts'
import { waitUntil } from '../../src/start/wait-until.ts'
import { freePort } from '../../test/support/free-port.ts'
import type { Product } from './product.ts'

/** The bare handler in a process of its own, on a database of its own of the product's PostgreSQL. */
export async function startBareApi(product: Product): Promise<{ url: string }> {
  await product.pool.query('create database bare')
  const databaseUrl = new URL(product.databaseUrl)
  databaseUrl.pathname = 'bare'
  const client = new pg.Client({ connectionString: databaseUrl.href })
  await client.connect()
  await client.query(
    'create table posts (id bigint generated always as identity primary key, body text, at timestamptz default now())',
  )
  await client.end()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const file = fileURLToPath(new URL('./bare-api.ts', import.meta.url))
  await product.start({
    name: 'bare-api',
    launch: async () => ({ command: process.execPath, args: [file, databaseUrl.href, String(port)] }),
    waitReady: (signal) =>
      waitUntil(() => askHttp(`${url}healthz`), {
        timeoutMs: 10_000,
        signal,
        what: 'the bare API is not up',
      }),
  })
  return { url }
}
