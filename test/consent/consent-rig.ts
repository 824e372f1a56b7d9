import { saveConsentSettings } from '../../src/consent/save-consent-settings.ts'
import { createEventType } from '../../src/events/event-types.ts'
import { trackEvent } from '../../src/events/track-event.ts'
import { consentSettingsSchema } from '../../src/model/consent-settings.ts'
import { eventually } from '../support/eventually.ts'
import { buildHouse } from '../support/house.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'

/** The whole line with a worker, and what tests of consent ask of it. */
export async function openConsentHouse() {
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  const house = await buildHouse({ databaseUrl: database.url, temporal, bundlePath: bundle.codePath })
  const { workspaceId } = house
  let worker = await house.worker()
  const { rows, ofContact } = queriesOf(database.url)
  const texts = async (waId: string) =>
    (await house.ledger(waId)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)
  const saveSettings = (settings: object) =>
    saveConsentSettings(house.deps, {
      ...{ workspaceId, numberId: null, by: 'test' },
      settings: consentSettingsSchema.parse(settings),
    })
  const contactIdOf = async (waId: string) =>
    (await rows<{ contact_id: string }>('select contact_id from identities where value = $1', [waId]))[0]
      ?.contact_id ?? ''
  await createEventType(house.deps, { workspaceId, name: 'go', attributes: {} })
  return {
    ...{ house, rows, ofContact, texts, saveSettings, contactIdOf },
    /** What WhatsApp accepted for a customer, once it is so many. */
    sent: (waId: string, count: number) =>
      eventually(async () => {
        const found = await texts(waId)
        expect(found).toHaveLength(count)
        return found
      }),
    runsOf: (waId: string) =>
      ofContact<{ state: string; outcome: string }>(waId, 'x.state, x.outcome', 'runs'),
    consentOf: (waId: string) =>
      ofContact<{ category: string; state: string; source: string }>(
        waId,
        'x.category, x.state, x.source',
        'consents',
      ),
    /** The event that `twoSteps` waits for, once it does. */
    async goOn(waId: string) {
      await eventually(async () => expect(await ofContact(waId, 'x.event', 'event_waits')).toHaveLength(1))
      const contactId = await contactIdOf(waId)
      const event = { workspaceId, contactId, type: 'go', attributes: {}, eventId: waId, atMs: Date.now() }
      await trackEvent(house.deps, event)
    },
    stopWorker: () => worker.stop(),
    async startWorker() {
      worker = await house.worker()
    },
    /** Between tests: no journey is published, and the settings are those that ship. */
    async reset() {
      await rows('update journeys set deleted_at = now() where deleted_at is null')
      await saveSettings({})
    },
    async close() {
      await worker.stop()
      await house.close()
    },
  }
}

function queriesOf(databaseUrl: string) {
  const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, sql, values)).rows as T[]
  const ofContact = <T extends object>(waId: string, select: string, from: string) =>
    rows<T>(
      `select ${select} from ${from} x join identities i on i.contact_id = x.contact_id where i.value = $1 order by 1`,
      [waId],
    )
  return { rows, ofContact }
}

/** A word, later one more word: what an opted-out person must not get. */
export const twoSteps = (messageClass: string) => ({
  start: 'first',
  messageClass,
  triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
  cards: {
    first: { type: 'message', settings: { text: 'First.' }, next: { next: 'wait' } },
    wait: {
      type: 'time-delay',
      settings: {
        delay: { mode: 'duration', duration: { amount: 2, unit: 'hours' } },
        event: { name: 'go' },
      },
      next: { event: 'second' },
    },
    second: { type: 'message', settings: { text: 'Second.' } },
  },
})
