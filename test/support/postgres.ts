import { randomBytes } from 'node:crypto'
import { atFileEnd } from './at-file-end.ts'
import { createPostgresInstance, type PostgresInstance } from './postgres-instance.ts'
import { askServerDesk } from './ask-server-desk.ts'
import { databaseUrl, runSql } from './run-sql.ts'

export interface TestDatabase {
  url: string
  /** Optional: what a file leaves is dropped at its end. */
  drop(): Promise<void>
}

/** A database of the caller's own, migrated and empty: a clone of the run's template. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = await askServerDesk('postgres')
  const name = `${template}_${randomBytes(4).toString('hex')}`
  // Half the processor time of a copy through the write-ahead log, which is meant for servers that others wait on.
  await runSql(adminUrl, `create database ${name} template ${template} strategy file_copy`)
  const drop = async () => {
    await runSql(adminUrl, `drop database if exists ${name} with (force)`)
  }
  atFileEnd(drop)
  return { url: databaseUrl(adminUrl, name), drop }
}

/** A PostgreSQL server of the caller's own, to stop, kill and start again. Its databases are not migrated. */
export async function privatePostgres(): Promise<PostgresInstance> {
  const instance = await createPostgresInstance()
  atFileEnd(instance.remove)
  return instance
}
