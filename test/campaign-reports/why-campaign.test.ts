import { routes } from '../../src/analytics/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'
import { addCampaign, addRecipients } from './campaign-rows.ts'
import { playMessyRun } from './messy-run.ts'

let rig: WorkspaceApi
let messy: Awaited<ReturnType<typeof playMessyRun>>

beforeAll(async () => {
  rig = await openWorkspaceApi(routes)
  messy = await playMessyRun(rig, await rig.addNumber())
  await rig.rows('update campaign_runs set planned_at = now() where id = $1', [messy.runId])
})
afterAll(() => rig.close())

const why = async (contactId: string | undefined, campaignId = messy.campaignId) =>
  (await rig.ask<{ words: string }>(200, 'GET', `/contacts/${contactId}/why?campaign=${campaignId}`)).words

test('a campaign says why it reached a contact, or did not', async () => {
  const { contacts } = messy
  expect(await why(contacts[0])).toMatch(
    /it was the contact's turn in run 1 .*→ WhatsApp accepted the message/,
  )
  expect(await why(contacts[3])).toMatch(
    /failed \(131026\): it cannot be delivered: most often the number is not on/,
  )
  expect(await why(contacts[4])).toMatch(/is put off until \d{4}-/)
  expect(await why(contacts[6])).toMatch(/nobody knows whether it arrived/)
  expect(await why(contacts[7])).toMatch(/did not send the message: a value is missing/)
  expect(await why(contacts[8])).toMatch(
    /turn in run 1 of the campaign "Spring" has not come \(place 9, due /,
  )
  expect(await why(contacts[9])).toBe(
    'run 1 of the campaign "Spring" left the contact out: the contact has opted out',
  )
})

test('also whom it never meant, and what has not run', async () => {
  const other = await addCampaign(rig, messy.numberId)
  const [stranger] = await addRecipients(rig, other, [{}])
  expect(await why(stranger)).toBe(
    'the contact was not in the audience of run 1 of the campaign "Spring" when it was planned',
  )
  expect(await why(stranger, other.campaignId)).toMatch(/is not planned yet \(sending\)/)
  await rig.ask(404, 'GET', `/contacts/${stranger}/why?campaign=${newId()}`)
  await rig.ask(400, 'GET', `/contacts/${stranger}/why?campaign=${newId()}&run=${newId()}`)
})
