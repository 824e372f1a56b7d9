import { certificateLines, issueCertificate } from '../../src/campaign-reports/certificate.ts'
import { findCertifiedRun } from '../../src/campaign-reports/find-certified-run.ts'
import { verifyCertificate } from '../../src/campaign-reports/verify-certificate.ts'
import { liftStops } from '../../src/autopilot/stops.ts'
import { forkFor } from '../../src/db/orm.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import {
  campaignLine,
  templateVariant,
  type CampaignLine,
  type StartedRun,
} from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
let phones = 4_915_200_000_000

beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  await line.addTemplate({ name: 'sale' })
  await line.addTemplate({ name: 'quiet_sale' })
}, 60_000)
beforeEach(async () => {
  await house.faults([])
  await liftAll()
})

/** A campaign to so many new people. */
async function startFor(count: number, variant: object = templateVariant('sale')): Promise<StartedRun> {
  const contactIds = await line.addPeople(count, phones)
  phones += count
  return line.start({ audience: { include: [{ kind: 'contacts', contactIds }] }, variants: [variant] })
}

async function liftAll(): Promise<void> {
  const { workspaceId, deps } = house
  const { outbox } = await forkFor(deps.orm, workspaceId).transactional((em) =>
    liftStops(em, { workspaceId, by: 'test' }, 'true', []),
  )
  relaySoon(deps, outbox)
}

/** Everybody got it once, and the certificate says so, adds up and proves itself. */
async function expectProof(run: StartedRun, accepted: number): Promise<void> {
  const { workspaceId, deps } = house
  const { totals, equations, differences } = await issueCertificate(deps, workspaceId, run.id)
  expect(totals).toMatchObject({ accepted, messages: accepted, intended: accepted, duplicates: 0 })
  expect(equations.filter(({ holds }) => !holds)).toEqual([])
  expect(differences).toEqual([])
  const lines: string[] = []
  for await (const each of certificateLines(deps, await findCertifiedRun(deps, workspaceId, run.id)))
    lines.push(each.slice(0, -2))
  expect(await verifyCertificate(lines)).toMatchObject({ isWhole: true, rows: accepted })
  const received = await line.received()
  expect([...received.values()].every((n) => n === 1)).toBe(true)
}

test('a number that WhatsApp blocks stops the run, and when it is lifted everybody gets it once', async () => {
  await house.faults([{ kind: 'error', code: 131031, rate: 0.2 }])
  const run = await startFor(120)
  await line.until(run, 'stopped')
  expect((await line.stateOf(run)).reason).toMatch(/131031/)
  await house.faults([])
  await liftAll()
  await line.until(run, 'completed')
  await expectProof(run, 120)
}, 90_000)

test('a number that is too fast goes on more slowly, and loses nobody', async () => {
  await house.faults([{ kind: 'error', code: 130429, times: 5 }])
  const run = await startFor(60)
  await line.until(run, 'completed')
  const stops = await house.rows<{ scope: string; code: string }>(
    `select scope, code from number_stops where number_id = $1 and lifted_at is null`,
    [house.numberId],
  )
  expect(stops).toEqual([{ scope: 'pace', code: '130429' }])
  await expectProof(run, 60)
}, 90_000)

test('a template that WhatsApp pauses is left for its fallback', async () => {
  await house.faults([{ kind: 'error', code: 132015, times: 3 }])
  const { message } = templateVariant('sale') as { message: object }
  const fallback = { name: 'quiet_sale', values: { body: { '1': 'you' } } }
  const run = await startFor(40, { id: 'a', message: { ...message, fallback } })
  await line.until(run, 'completed')
  const names = await house.rows<{ name: string }>(
    `select distinct content #>> '{template,name}' as name from messages where campaign_run_id = $1 order by 1`,
    [run.id],
  )
  expect(names.map(({ name }) => name)).toContain('quiet_sale')
  await expectProof(run, 40)
}, 90_000)

test('a run stands still where the messaging limit ends, and goes on when WhatsApp raises it', async () => {
  await house.rows('update phone_numbers set messaging_limit = 100 where id = $1', [house.numberId])
  await house.rows('delete from initiated_minutes')
  const run = await startFor(120)
  await eventually(async () => expect(await line.outcomes(run)).toEqual({ accepted: 90 }), {
    timeoutMs: 30_000,
  })
  const answer = await fetch(`${house.sandboxUrl}/sandbox/numbers/${house.access.phoneNumberId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messagingLimit: 'TIER_2K' }),
  })
  expect(answer.status).toBe(200)
  await line.until(run, 'completed')
  expect(
    await house.rows('select messaging_limit as "limit" from phone_numbers where id = $1', [house.numberId]),
  ).toEqual([{ limit: 2_000 }])
  expect(await house.rows('select sum(n)::int as n from initiated_minutes')).toEqual([{ n: 120 }])
  await expectProof(run, 120)
}, 90_000)
