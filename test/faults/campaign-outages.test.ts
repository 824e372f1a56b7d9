import { killDuringCampaign, outageDuringCampaign, temporalAwayDuringCampaign } from './campaign-outages.ts'

test('kill -9 of the worker at random points of a campaign: nobody gets it twice, and nobody is lost', async () => {
  await killDuringCampaign({ people: 500, kills: 3, messagesPerSecond: 50, timeoutMs: 120_000 })
}, 240_000)

test('PostgreSQL is killed, then away for a while, during a campaign', async () => {
  await outageDuringCampaign({ people: 800, awayMs: 6_000, timeoutMs: 120_000 })
}, 240_000)

test('Temporal is killed and comes back during a campaign', async () => {
  await temporalAwayDuringCampaign({ people: 500, downMs: 3_000, timeoutMs: 120_000 })
}, 240_000)
