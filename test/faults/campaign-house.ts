import type { Config } from '../../src/config.ts'
import { campaignLine, templateVariant, type StartedRun } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { faultHouse } from './fault-house.ts'

export type CampaignHouse = Awaited<ReturnType<typeof campaignHouse>>

/** A fault house with a line of campaigns; their template is `sale`, with `sale_again` to take over. */
export async function campaignHouse(
  config: Partial<Config> = {},
  own: Parameters<typeof faultHouse>[1] = {},
) {
  const house = await faultHouse(config, own)
  const line = campaignLine(house)
  await line.addTemplate({ name: 'sale' })
  await line.addTemplate({ name: 'sale_again', body: 'Once more, {{1}}: our sale begins today.' })
  return { ...house, line }
}

let nextPhone = 4_915_500_000_000

/** So many people that nobody else has written to. */
export async function somePeople({ line }: CampaignHouse, count: number): Promise<string[]> {
  const first = nextPhone
  nextPhone += count
  return line.addPeople(count, first)
}

/** @param more of the definition */
export async function startTo(
  house: CampaignHouse,
  contactIds: string[],
  more: object = {},
): Promise<StartedRun> {
  return house.line.start({
    audience: { include: [{ kind: 'contacts', contactIds }] },
    variants: [templateVariant('sale')],
    ...more,
  })
}

/** Some of the run's messages are out, and not all. */
export async function someSent({ line }: CampaignHouse, run: StartedRun, count: number): Promise<void> {
  await eventually(
    async () => {
      const { accepted = 0 } = await line.outcomes(run)
      if (accepted < count) throw new Error(`only ${accepted} of ${count} are out`)
    },
    { timeoutMs: 60_000 },
  )
}

interface Received {
  seq: number
  to: string
  bizOpaqueCallbackData: string
}

/** What WhatsApp accepted of a run, by its own ledger. */
async function ledgerOf(house: CampaignHouse, ids: ReadonlySet<string>): Promise<Received[]> {
  const found: Received[] = []
  for (let after = 0; ; ) {
    const response = await fetch(`${house.sandboxUrl}/sandbox/ledger?limit=1000&after=${after}`)
    const { messages } = (await response.json()) as { messages: Received[] }
    found.push(...messages.filter(({ bizOpaqueCallbackData: id }) => ids.has(id)))
    const last = messages.at(-1)
    if (!last) return found
    after = last.seq
  }
}

export interface Proof {
  accepted: number
  unknown: number
  others: number
}

/**
 * Holds a run that is over against WhatsApp's ledger: everybody who was intended has one row; who is accepted got it once, and
 * nobody else got anything. What was in doubt has been settled by statuses: nobody is unknown to us whom WhatsApp reached.
 */
export async function expectProven(house: CampaignHouse, run: StartedRun, people: number): Promise<Proof> {
  const rows = await house.line.sql<{ id: string; contact_id: string; state: string }>(
    'select id, contact_id, state from messages where campaign_run_id = ?',
    [run.id],
  )
  expect(rows).toHaveLength(people)
  expect(new Set(rows.map((row) => row.contact_id)).size).toBe(people)
  return eventually(
    async () => {
      const now = await house.line.sql<{ id: string; state: string }>(
        'select id, state from messages where campaign_run_id = ?',
        [run.id],
      )
      const received = await ledgerOf(house, new Set(now.map(({ id }) => id)))
      const reached = new Set(received.map((each) => each.bizOpaqueCallbackData))
      // 0 twice.
      expect(received).toHaveLength(reached.size)
      expect(new Set(received.map(({ to }) => to)).size).toBe(received.length)
      const states = Map.groupBy(now, ({ state }) => state)
      const accepted = states.get('accepted') ?? []
      // 0 lost, and nothing claimed that did not happen.
      expect(new Set(accepted.map(({ id }) => id))).toEqual(reached)
      const unknown = states.get('unknown')?.length ?? 0
      return { accepted: accepted.length, unknown, others: people - accepted.length - unknown }
    },
    { timeoutMs: 30_000 },
  )
}
