import { forkFor } from '../../src/db/orm.ts'
import { spreadEvents } from '../../src/events/record-events.ts'
import { newId } from '../../src/db/columns.ts'
import { countReactions } from '../../src/reports/count-reactions.ts'
import type { WorkspaceApi } from '../support/workspace-api.ts'
import {
  addCampaign,
  addMessages,
  addRecipients,
  changeMessages,
  type CampaignRows,
} from './campaign-rows.ts'

export const conversion = {
  event: 'order_paid',
  within: { amount: 2, unit: 'days' },
  valueAttribute: 'total',
}

/** A run in which everything happened that can: 12 people, 3 of them left out, one whose turn has not come. */
export async function playMessyRun(
  rig: WorkspaceApi,
  numberId: string,
): Promise<CampaignRows & { contacts: string[]; ids: string[] }> {
  const campaign = await addCampaign(rig, numberId, { definition: { conversion, variants: [] } })
  const contacts = await addRecipients(rig, campaign, [
    ...[{}, {}, { variant: 'b' }, {}, { variant: 'b' }, {}, {}, {}, {}],
    ...[{ skipped: 'opted_out' }, { skipped: 'opted_out' }, { skipped: 'hold_out' }],
  ])
  const ids = await addMessages(rig, campaign, contacts.slice(0, 8))
  await rig.rows('update campaign_lanes set cursor = 8, last_seq = 9 where run_id = $1', [campaign.runId])
  const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = ids
  const accepted = `state = 'accepted', accepted_at = now(), attempt = 1, wamid = 'wamid.' || id, cost_micros = 62500`
  await changeMessages(rig, [a, b, c], accepted)
  await changeMessages(rig, [a, b, c], `delivered_at = now()`)
  await changeMessages(rig, [a, c], `read_at = now()`)
  await changeMessages(
    rig,
    [d],
    `state = 'failed', reason_code = '131026', reason = 'Undeliverable', failed_at = now()`,
  )
  await changeMessages(rig, [e], `state = 'planned', attempt = 1, due_at = now() + interval '1 day'`)
  // One that WhatsApp took and failed to deliver, and one with a reason that a spreadsheet would run.
  await changeMessages(rig, [f], accepted)
  await changeMessages(
    rig,
    [f],
    `state = 'failed', reason_code = '131049', reason = '=HYPERLINK("x")', failed_at = now()`,
  )
  await changeMessages(rig, [g], `state = 'unknown', attempt = 2, reason = E'no\\r\\nanswer'`)
  await changeMessages(
    rig,
    [h],
    `state = 'skipped', reason_code = 'missing_variable', reason = 'No value, it says'`,
  )
  const { workspaceId } = rig.ours
  await countReactions(forkFor(rig.deps.orm, workspaceId), { workspaceId, numberId }, [
    ...[
      { messageId: a, clicked: true, replied: true },
      { messageId: c, clicked: true, replied: false },
    ],
  ])
  await buy(rig, contacts[0] ?? '', '12.5')
  await buy(rig, contacts[0] ?? '', '99')
  return { ...campaign, contacts, ids }
}

/** The event that the campaign is for. */
export async function buy(
  rig: WorkspaceApi,
  contactId: string,
  total: string,
  atMs = Date.now() + 1_000,
): Promise<void> {
  const { workspaceId } = rig.ours
  const event = {
    id: newId(),
    contactId,
    type: conversion.event,
    attributes: { total },
    atMs,
    causeId: newId(),
  }
  await forkFor(rig.deps.orm, workspaceId).transactional((em) => spreadEvents(em, workspaceId, [event]))
}
