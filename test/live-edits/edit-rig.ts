import { openBulkRig } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

export interface Migration {
  id: string
  state: string
  toVersion: number | null
  fromVersions: number[]
  moved: number
  total: number
  done: number
  skipped: number
  failed: number
  reason: string | null
  rolledBackBy: string | null
}
export interface MigratedRun {
  runId: string
  state: string
  reason: string | null
  fromVersion: number | null
  fromCard: string | null
  toCard: string | null
}
export interface RunLine {
  id: string
  state: string
  outcome: string | null
  card_id: string
  version: number
  wa_id: string
  due_at: Date | null
  workflow_id: string
}
export type EditRig = Awaited<ReturnType<typeof openEditRig>>

const seconds = (amount: number) => ({ amount, unit: 'seconds' })
export const sleeping = (amount: number, next: object = {}) => ({
  type: 'time-delay',
  settings: { delay: { mode: 'duration', duration: seconds(amount) } },
  next,
})
export const asking = (body: string, next: object = {}) => ({
  type: 'interactive-message',
  settings: { body, buttons: [{ id: 'yes', title: 'Yes' }], timeout: { amount: 2, unit: 'days' } },
  next,
})

/** Journeys with people inside that are published again, over HTTP. */
export async function openEditRig() {
  const rig = await openBulkRig()
  const { ask, numberId, rows } = rig

  async function publish(
    journeyId: string | undefined,
    draft: object,
    more: object = {},
  ): Promise<{ journeyId: string; number: number; migrationId: string | null }> {
    const id =
      journeyId ??
      (await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Edited', draft })).id
    if (journeyId) await ask(200, 'PATCH', `/journeys/${id}`, { draft })
    type Answer = { version: { number: number }; migrationId: string | null }
    const { version, migrationId } = await ask<Answer>(201, 'POST', `/journeys/${id}/publish`, more)
    return { journeyId: id, number: version.number, migrationId }
  }
  const runs = (journeyId: string) =>
    rows<RunLine>(
      `select r.id, r.state, r.outcome, r.card_id, v.number as version, i.value as wa_id, r.due_at, r.workflow_id
       from runs r join journey_versions v on v.id = r.version_id left join identities i on i.contact_id = r.contact_id and i.kind = 'wa_id'
       where r.journey_id = $1 order by r.id`,
      [journeyId],
    )
  return {
    ...rig,
    publish,
    runs,
    /** A journey with so many people inside, who have come to stand somewhere. */
    async enter(draft: object, people: number, states: Record<string, number>) {
      const { journeyId } = await publish(undefined, draft)
      await rig.startAll(journeyId, await rig.crowd(people))
      await rig.allAre(journeyId, states)
      return { journeyId, people: await runs(journeyId) }
    },
    migrate: (journeyId: string, body: object = {}, status = 202) =>
      ask<Migration & { fields: object[] }>(status, 'POST', `/journeys/${journeyId}/migrations`, body),
    migrated: (journeyId: string, id: string, state = 'completed') =>
      eventually(
        async () => {
          const migration = await ask<Migration>(200, 'GET', `/journeys/${journeyId}/migrations/${id}`)
          expect(migration).toMatchObject({ state })
          return migration
        },
        { timeoutMs: 60_000, intervalMs: 50 },
      ),
    async texts(waId: string | undefined): Promise<(string | undefined)[]> {
      const sent = await rig.ledger(waId)
      return sent.map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)
    },
    orders: (runId: string | undefined) =>
      rows<{ data: object }>(
        `select data from facts where run_id = $1 and kind = 'run.ordered' order by at`,
        [runId],
      ),
  }
}
