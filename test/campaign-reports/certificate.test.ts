import { issueCertificate, type Certificate } from '../../src/campaign-reports/certificate.ts'
import { rebuildRun } from '../../src/campaign-reports/rebuild-run.ts'
import { routes } from '../../src/campaign-reports/routes.ts'
import { verifyCertificate } from '../../src/campaign-reports/verify-certificate.ts'
import { main as runVerifier } from '../../src/verify-certificate.ts'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'
import { changeMessages } from './campaign-rows.ts'
import { playMessyRun } from './messy-run.ts'

let rig: WorkspaceApi
let messy: Awaited<ReturnType<typeof playMessyRun>>

beforeAll(async () => {
  rig = await openWorkspaceApi(routes)
  messy = await playMessyRun(rig, await rig.addNumber())
})
afterAll(() => rig.close())

async function download(): Promise<string> {
  const path = `/platform/v1/campaign-runs/${messy.runId}/certificate.csv`
  const answer = await rig.api.ask('GET', path, { token: rig.ours.key })
  expect(answer.status).toBe(200)
  return answer.text
}
const linesOf = (file: string) => file.split('\r\n').slice(0, -1)

test('a certificate adds up, and agrees with the counters', async () => {
  const certificate = await rig.ask<Certificate>(200, 'GET', `/campaign-runs/${messy.runId}/certificate`)
  expect(certificate.totals).toEqual({
    ...{ rows: 12, audience: 12, intended: 9, leftOut: { opted_out: 2, hold_out: 1 }, begun: 8, waiting: 1 },
    ...{ messages: 8, accepted: 3, failed: { '131026': 1, '131049': 1 }, skipped: { missing_variable: 1 } },
    ...{ unknown: 1, pending: 1, duplicates: 0, delivered: 3, read: 2, clicked: 2, replied: 1, converted: 1 },
    cost: '0.25',
  })
  expect(certificate.equations.map(({ holds }) => holds)).toEqual([true, true, true, true])
  expect(certificate.differences).toEqual([])
  expect(certificate.ledger).toEqual({ messages: 8, sendKeys: 8, wamids: 4, acceptedTwice: 0 })
})

test('what the counters say otherwise is shown', async () => {
  await rig.rows(
    `insert into campaign_deltas (workspace_id, run_id, at, counts) values ($1, $2, now(), '{"read|a|": 5}')`,
    [rig.ours.workspaceId, messy.runId],
  )
  const { differences } = await issueCertificate(rig.deps, rig.ours.workspaceId, messy.runId)
  expect(differences).toEqual([{ what: 'read', rows: 2, counters: 7 }])
  await rebuildRun(rig.deps, { workspaceId: rig.ours.workspaceId, runId: messy.runId })
  expect(await issueCertificate(rig.deps, rig.ours.workspaceId, messy.runId)).toMatchObject({
    differences: [],
  })
})

test('its file proves itself, and breaks when a line is changed, moved or left out', async () => {
  const lines = linesOf(await download())
  const { lastHash, totals } = await issueCertificate(rig.deps, rig.ours.workspaceId, messy.runId)
  expect(lines).toHaveLength(14)
  expect(await verifyCertificate(lines)).toEqual({ isWhole: true, rows: 12, lastHash, totals })
  const forged = (change: (copy: string[]) => unknown) => {
    const copy = [...lines]
    change(copy)
    return verifyCertificate(copy)
  }
  expect(await forged((copy) => (copy[5] = (copy[5] ?? '').replace(',accepted,', ',failed,')))).toEqual({
    ...{ isWhole: false, line: 6, problem: 'the row does not fit its hash and the row before' },
  })
  expect(await forged((copy) => copy.splice(7, 1))).toMatchObject({ isWhole: false, line: 8 })
  expect(await forged((copy) => copy.splice(3, 2, copy[4] ?? '', copy[3] ?? ''))).toMatchObject({ line: 4 })
  expect(await forged((copy) => copy.pop())).toMatchObject({ problem: 'the file ends before its totals' })
  expect(await forged((copy) => copy.push('one,more'))).toMatchObject({
    problem: 'something follows the totals',
  })
})

test('no cell of it is run by a spreadsheet, and each row is a line', async () => {
  const file = await download()
  expect(file).toContain(`"'=HYPERLINK(""x"")"`)
  expect(file).toContain(',no answer,')
  expect(file).not.toMatch(/[^\r]\n/)
})

test('the script says of a file whether it is whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'certificate-'))
  const file = await download()
  const [good, bad] = [join(directory, 'good.csv'), join(directory, 'bad.csv')]
  await writeFile(good, file)
  await writeFile(bad, file.replace('131026', '131027'))
  const said: string[] = []
  const write = (text: string) => void said.push(text)
  expect(await runVerifier([good], write)).toBe(0)
  expect(await runVerifier([bad], write)).toBe(1)
  expect(said.join('')).toContain('"isWhole": true')
  expect(said.join('')).toContain('does not fit its hash')
})

test('what was in flight at a halt and arrived is listed', async () => {
  const { runId, ids } = messy
  await changeMessages(rig, ids.slice(0, 2), `inflight_at = now() - interval '10 seconds'`)
  for (const [secondsAgo, kind] of [
    [60, 'campaign.paused'],
    [5, 'campaign.stopped'],
  ] as const)
    await rig.rows(
      `insert into facts (id, workspace_id, at, kind, run_id, data) values (gen_random_uuid(), $1,
         (select accepted_at from messages where id = $5) - $2 * interval '1 second', $3, $4, '{"by": "user ann"}')`,
      [rig.ours.workspaceId, secondsAgo, kind, runId, ids[0]],
    )
  const { escaped } = await issueCertificate(rig.deps, rig.ours.workspaceId, runId)
  expect(escaped).toMatchObject([
    { halt: 'campaign.paused', by: 'user ann', messages: 0, messageIds: [] },
    { halt: 'campaign.stopped', by: 'user ann', messages: 2 },
  ])
})
