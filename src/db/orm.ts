import { MikroORM, type EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { Migrator } from '@mikro-orm/migrations'
import { Contact, Identity } from '../contacts/entities.ts'
import { EventType } from '../events/entities.ts'
import { Conversation, Message } from '../inbox/entities.ts'
import { Journey, JourneyVersion, Run } from '../journeys/entities.ts'
import type { Log } from '../kit/log.ts'
import { Session, User } from '../people/entities.ts'
import { ApiKey, PayloadKey, PhoneNumber, Workspace } from '../settings/entities.ts'
import { freeLostConnections } from './free-lost-connections.ts'
import { FirstHouse } from './migrations/0001-first-house.ts'
import { Audience } from './migrations/0002-audience.ts'
import { Contacts } from './migrations/0003-contacts.ts'
import { Segments } from './migrations/0005-segments.ts'
import { Consent } from './migrations/0006-consent.ts'
import { Templates } from './migrations/0007-templates.ts'
import { BlocksAndFlows } from './migrations/0008-blocks-and-flows.ts'
import { Catalog } from './migrations/0009-catalog.ts'
import { IdentityProtection } from './migrations/0010-identity-protection.ts'
import { SteeredRuns } from './migrations/0011-steered-runs.ts'
import { Display } from './migrations/0012-display.ts'
import { Apps } from './migrations/0013-apps.ts'
import { EntryPoints } from './migrations/0014-entry-points.ts'
import { Voice } from './migrations/0015-voice.ts'
import { Bulk } from './migrations/0016-bulk.ts'
import { LiveEdits } from './migrations/0017-live-edits.ts'
import { Reports } from './migrations/0019-reports.ts'
import { FlowKeys } from './migrations/0020-flow-keys.ts'
import { Jumps } from './migrations/0021-jumps.ts'
import { Campaigns } from './migrations/0022-campaigns.ts'
import { DraftsAndLineages } from './migrations/0023-drafts-and-lineages.ts'
import { People } from './migrations/0024-people.ts'
import { Conversations } from './migrations/0025-conversations.ts'
import { Live } from './migrations/0026-live.ts'
import { Rules } from './migrations/0027-rules.ts'
import { Lifecycle } from './migrations/0028-lifecycle.ts'
import { MessageSearch } from './migrations/0029-message-search.ts'
import { ReceivedMedia } from './migrations/0030-received-media.ts'
import { Wabbit } from './migrations/0031-wabbit.ts'
import { Transfers } from './migrations/0004-transfers.ts'
import { Simulations } from './migrations/0018-simulations.ts'
import { nameStatements, PreparedEntityManager } from './prepared-statements.ts'
import { tellOfAnnouncements } from './tell-of-announcements.ts'

const tenantEntities = [
  User,
  Session,
  PhoneNumber,
  ApiKey,
  PayloadKey,
  Contact,
  Identity,
  EventType,
  Conversation,
  Message,
  Journey,
  JourneyVersion,
  Run,
]

const migrationsList = [
  { name: '0001-first-house', class: FirstHouse },
  { name: '0002-audience', class: Audience },
  { name: '0003-contacts', class: Contacts },
  { name: '0004-transfers', class: Transfers },
  { name: '0005-segments', class: Segments },
  { name: '0006-consent', class: Consent },
  { name: '0007-templates', class: Templates },
  { name: '0008-blocks-and-flows', class: BlocksAndFlows },
  { name: '0009-catalog', class: Catalog },
  { name: '0010-identity-protection', class: IdentityProtection },
  { name: '0011-steered-runs', class: SteeredRuns },
  { name: '0012-display', class: Display },
  { name: '0013-apps', class: Apps },
  { name: '0014-entry-points', class: EntryPoints },
  { name: '0015-voice', class: Voice },
  { name: '0016-bulk', class: Bulk },
  { name: '0017-live-edits', class: LiveEdits },
  { name: '0018-simulations', class: Simulations },
  { name: '0019-reports', class: Reports },
  { name: '0020-flow-keys', class: FlowKeys },
  { name: '0021-jumps', class: Jumps },
  { name: '0022-campaigns', class: Campaigns },
  { name: '0023-drafts-and-lineages', class: DraftsAndLineages },
  { name: '0024-people', class: People },
  { name: '0025-conversations', class: Conversations },
  { name: '0026-live', class: Live },
  { name: '0027-rules', class: Rules },
  { name: '0028-lifecycle', class: Lifecycle },
  { name: '0029-message-search', class: MessageSearch },
  { name: '0030-received-media', class: ReceivedMedia },
  { name: '0031-wabbit', class: Wabbit },
]

export type Orm = MikroORM
export type Em = EntityManager

/** Connects lazily: a process may start while PostgreSQL is still away. */
export async function openOrm(databaseUrl: string, poolSize: number, log?: Log): Promise<Orm> {
  return MikroORM.init({
    clientUrl: databaseUrl,
    entities: [Workspace, ...tenantEntities],
    extensions: [Migrator],
    entityManager: PreparedEntityManager,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      connectionTimeoutMillis: 5_000,
      // A new connection has to prepare every statement anew, and plans each some times before it keeps a plan.
      idleTimeoutMillis: 10 * 60_000,
      // What waits so long keeps no process alive.
      allowExitOnIdle: true,
      statement_timeout: 30_000,
      onPoolCreated: (pool: Pool) => {
        freeLostConnections(pool)
        nameStatements(pool)
        tellOfAnnouncements(pool, log)
      },
    },
    migrations: {
      migrationsList,
      snapshot: false,
      silent: true,
      transactional: true,
    },
    filters: {
      // Every read, update and delete of a tenant's entity names the workspace, always.
      workspace: {
        name: 'workspace',
        cond: (args: { workspaceId: string }) => ({ workspaceId: args.workspaceId }),
        entity: tenantEntities.map((entity) => entity.meta.className),
        default: true,
      },
    },
  })
}

/** An EntityManager of its own for one request or activity, bound to a workspace. */
export function forkFor(orm: Orm, workspaceId: string): Em {
  const em = orm.em.fork()
  em.setFilterParams('workspace', { workspaceId })
  return em
}

/** Brings a database to the newest schema; safe to run from several processes at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const orm = await openOrm(databaseUrl, 2)
  try {
    const lock = 0x64726970
    await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [lock])
      await orm.migrator.up()
      await orm.em.fork().execute('select ensure_partitions()')
    })
  } finally {
    await orm.close(true)
  }
}
