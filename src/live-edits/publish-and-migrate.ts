import type { Deps } from '../deps.ts'
import { publishJourney, type Published } from '../journeys/publish-journey.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { createMigration, type MigrationStart } from './start-migration.ts'

interface Publication {
  workspaceId: string
  journeyId: string
  revision?: number | undefined
  declareAttributes: boolean
  /** Publishes although assertions do not hold. */
  overrideAssertions?: { reason: string } | undefined
  by: string
  migration?: Omit<MigrationStart, 'workspaceId' | 'journeyId' | 'by'> | undefined
}

/** Publishes, and moves people inside by a plan, if there is one: both or neither. Without one they keep their versions. */
export async function publishAndMigrate(
  deps: Deps,
  { migration, by, overrideAssertions, ...publication }: Publication,
): Promise<Published & { migrationId: string | null }> {
  let migrationId: string | undefined
  let outbox: OutboxRow[] = []
  const published = await publishJourney(deps, {
    ...publication,
    override: overrideAssertions && { ...overrideAssertions, by },
    ...(migration && {
      also: async (em, version) => {
        const { workspaceId, journeyId } = publication
        const started = await createMigration(em, { ...migration, workspaceId, journeyId, by }, version)
        ;({ migrationId, outbox } = started)
      },
    }),
  })
  relaySoon(deps, outbox)
  return { ...published, migrationId: migrationId ?? null }
}
