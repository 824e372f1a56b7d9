import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import { hearSendErrors } from '../../src/autopilot/hear-send-errors.ts'
import { routes } from '../../src/autopilot/routes.ts'
import { findStops } from '../../src/autopilot/stops.ts'
import { forkFor, type Em } from '../../src/db/orm.ts'
import { defaultPolicy } from '../../src/model/autopilot.ts'
import {
  addCampaign,
  addMessages,
  addRecipients,
  type CampaignRows,
} from '../campaign-reports/campaign-rows.ts'
import { openWorkspaceApi } from '../support/workspace-api.ts'

export type AutopilotRig = Awaited<ReturnType<typeof openAutopilot>>

/** Campaigns that are on their way, what happens to them, and how they stand then. */
export async function openAutopilot() {
  const rig = await openWorkspaceApi(routes)
  const { workspaceId } = rig.ours
  const inTransaction = <T>(work: (em: Em) => Promise<T>) =>
    forkFor(rig.deps.orm, workspaceId).transactional(work)
  return {
    ...{ rig, inTransaction },
    em: () => forkFor(rig.deps.orm, workspaceId),
    openCampaign: (count: number, definition: object = {}) => openCampaign(rig, count, definition),
    hear: ({ numberId, runId, ids, contacts }: OpenedCampaign, code: string, template?: string) =>
      inTransaction((em) =>
        hearSendErrors(
          em,
          { workspaceId, numberId, wabaId: '1' },
          defaultPolicy,
          ids.map((messageId, at) => ({
            ...{ messageId, contactId: contacts[at] ?? '', factId: runId, code, reason: 'Because', template },
          })),
        ),
      ),
    stopsOf: ({ numberId }: Pick<CampaignRows, 'numberId'>) =>
      findStops(forkFor(rig.deps.orm, workspaceId), workspaceId, numberId),
    async runOf({ runId }: Pick<CampaignRows, 'runId'>) {
      const rows = await rig.rows('select state, stopped_by, reason from campaign_runs where id = $1', [
        runId,
      ])
      return rows[0]
    },
    /** Of facts about a number or a run. */
    async kindsOf(pattern: string, id: string) {
      const rows = await rig.rows(
        `select kind from facts where kind like $1 and (data ->> 'number' = $2 or data ->> 'run' = $2) order by at, id`,
        [pattern, id],
      )
      return rows.map(({ kind }) => kind)
    },
    healthOf: (numberId: string) =>
      rig.ask<Record<string, unknown>>(200, 'GET', `/numbers/${numberId}/health`),
  }
}

export type OpenedCampaign = CampaignRows & { contacts: string[]; ids: string[] }

/** A run that is sending, of which so many messages are in flight. */
async function openCampaign(
  rig: Awaited<ReturnType<typeof openWorkspaceApi>>,
  count: number,
  definition: object,
): Promise<OpenedCampaign> {
  const numberId = await rig.addNumber()
  const campaign = await addCampaign(rig, numberId, { definition })
  const contacts = await addRecipients(
    rig,
    campaign,
    Array.from({ length: count }, () => ({})),
  )
  const ids = await addMessages(rig, campaign, contacts)
  return { ...campaign, contacts, ids }
}

/** The same status each time it is asked for. */
export const failedStatus = (id: string, code: string): InboundStatus => ({
  ...{ wamid: `wamid.${id}`, status: 'failed', participant: '', address: undefined, identityHash: undefined },
  ...{ atMs: 1_790_000_000_000, callbackData: id, raw: {}, error: { code, reason: 'Later' } },
})

export const told = (field: string, value: object, atMs = 1_790_000_000_000) => ({
  ...{ field, atMs, problem: undefined, raw: { field, value } },
})
