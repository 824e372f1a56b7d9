import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine, templateVariant, type CampaignLine } from '../support/campaign-line.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  await line.addTemplate({ name: 'sale' })
}, 60_000)

test('everybody of the audience gets the message, once', async () => {
  const contactIds = await line.addPeople(300)
  const run = await line.start({
    audience: { include: [{ kind: 'contacts', contactIds }] },
    variants: [templateVariant('sale')],
  })
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 300 })
  const received = await line.received()
  expect(received.size).toBe(300)
  expect([...received.values()].every((n) => n === 1)).toBe(true)
}, 90_000)
