import { Readable } from 'node:stream'
import { checkCampaign } from '../../src/campaigns/check-campaign.ts'
import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { storeUpload } from '../../src/transfers/store-upload.ts'
import { watchImport } from '../../src/transfers/upload-audience.ts'
import { uploadGroup } from '../../src/variable-groups/upload-group.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine } from '../support/campaign-line.ts'
import { openHouse } from '../support/open-house.ts'

test('who is in an uploaded list gets the campaign: numbers that nobody had become contacts', async () => {
  const house = await openHouse()
  atFileEnd(house.close)
  const line = campaignLine(house)
  const { deps, workspaceId, numberId } = house
  await line.addTemplate({ name: 'off', body: 'Today you get {{1}} off, come in.' })
  await line.addPeople(1, 4_917_010_000_000)
  const phones = [0, 1, 2, 3].map((n) => String(4_917_010_000_000 + n))
  const csv = ['phone,off', ...phones.map((phone, n) => `${phone},${n + 1} %`), '999,0 %'].join('\n')
  const upload = async (contacts: 'create' | 'known-only') => {
    const order = { workspaceId, by: 'test' }
    const named = { ...order, name: 'list.csv', hasHeader: true }
    const importId = await storeUpload(deps, named, Readable.from([Buffer.from(csv)]))
    return uploadGroup(deps, { ...order, ref: 'list', importId, contacts })
  }
  const known = await upload('known-only')
  expect(known).toMatchObject({ lines: { read: 5, stored: 4, rejected: 1 }, importId: null })
  const values = { body: { 1: '{{given.off}}' } }
  const draft = {
    audience: { include: [{ kind: 'group', groupId: known.group.id }] },
    variants: [{ id: 'a', message: { kind: 'template', name: 'off', values } }],
  }
  const made = { workspaceId, numberId, name: 'List', kind: 'one-time', draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  expect(await checkCampaign(deps, { workspaceId, campaignId })).toMatchObject({
    valid: true,
    estimate: { audience: 4, intended: 1, skipped: { no_contact: 3 } },
    problems: expect.arrayContaining([
      expect.objectContaining({ field: 'audience', severity: 'warning' }),
    ]) as object,
  })

  const { importId } = await upload('create')
  expect(await watchImport(deps, { workspaceId, importId: importId ?? '' })).toMatchObject({
    state: 'completed',
    accepted: 4,
    rejected: 1,
  })
  const { problems, estimate } = await checkCampaign(deps, { workspaceId, campaignId })
  expect(estimate).toMatchObject({ audience: 4, intended: 4, skipped: {} })
  expect(problems.filter(({ field }) => field === 'audience')).toEqual([])
  const { run } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  await line.until({ id: run?.id ?? '', campaignId, workflowId: run?.workflowId ?? '' }, 'completed')
  const sent = await Promise.all(phones.map((phone) => house.ledger(phone)))
  expect(sent.map((messages) => messages.map(({ payload }) => JSON.stringify(payload)))).toEqual(
    phones.map((_, n) => [expect.stringContaining(`"${n + 1} %"`) as string]),
  )
}, 120_000)
