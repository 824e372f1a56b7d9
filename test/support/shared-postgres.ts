import { randomBytes } from 'node:crypto'
import { migrate } from '../../src/db/orm.ts'
import { createPostgresInstance } from './postgres-instance.ts'
import { databaseUrl, runSql } from './run-sql.ts'
import type { Shared } from './server-desk.ts'

/**
 * The run's PostgreSQL, with a migrated template database. TEST_DATABASE_URL (or DATABASE_URL) names a
 * server to use instead of an embedded one; its user must be allowed to create databases.
 */
export async function startSharedPostgres(): Promise<Shared<'postgres'>> {
  const given = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL
  const own = given ? undefined : await createPostgresInstance()
  const adminUrl = given ?? own?.url() ?? ''
  const template = `dripline_test_${randomBytes(4).toString('hex')}`
  const end = async () => {
    await dropDatabasesOfRun(adminUrl, template)
    await own?.remove()
  }
  try {
    await runSql(adminUrl, `create database ${template}`)
    await migrate(databaseUrl(adminUrl, template))
  } catch (error) {
    await end()
    throw error
  }
  return { told: { adminUrl, template }, end }
}

/** The template, and clones that a killed test file left on a server that outlives the run. */
async function dropDatabasesOfRun(adminUrl: string, template: string): Promise<void> {
  const sql = 'select datname from pg_database where starts_with(datname, $1)'
  const { rows } = await runSql(adminUrl, sql, [template])
  for (const { datname } of rows) await runSql(adminUrl, `drop database if exists ${datname} with (force)`)
}
