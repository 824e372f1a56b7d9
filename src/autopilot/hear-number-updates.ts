import { readNumberUpdates, type NumberUpdate } from '../../integrations/whatsapp/number-updates.ts'
import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { learnLimit, learnQuality } from './learn-health.ts'
import { liftStops, placeStop } from './stops.ts'

type Account = Pick<NumberAccess, 'workspaceId' | 'wabaId' | 'portfolioId'>

/** Stands in for WhatsApp's code on stops that a restriction of the account places. */
const accountCode = 'account'

/**
 * What WhatsApp tells about numbers: the messaging limit of their portfolio, throughput, quality, restrictions of the account.
 * In the transaction that stores the webhook. Coming twice changes nothing; what is older than what we know is passed over.
 */
export async function hearNumberUpdates(
  em: Em,
  account: Account,
  others: InboundOther[],
): Promise<OutboxRow[]> {
  const nowMs = Date.now()
  const updates = others.flatMap((other) => readNumberUpdates(other, nowMs)).sort((a, b) => a.atMs - b.atMs)
  const outbox: OutboxRow[] = []
  for (const update of updates) outbox.push(...(await apply(em, account, update)))
  return outbox
}

async function apply(em: Em, account: Account, update: NumberUpdate): Promise<OutboxRow[]> {
  const { workspaceId } = account
  switch (update.kind) {
    case 'limit':
      return learnLimit(em, account, update.limit, update.atMs)
    case 'throughput':
      for (const numberId of await listNumbers(em, account, update.displayNumber))
        await em.execute('update phone_numbers set throughput = ? where workspace_id = ? and id = ?', [
          ...[update.level, workspaceId, numberId],
        ])
      return []
    case 'quality': {
      const outbox: OutboxRow[] = []
      for (const numberId of await listNumbers(em, account, update.displayNumber))
        outbox.push(...(await learnQuality(em, { workspaceId, numberId }, update.quality, update.atMs)))
      return outbox
    }
    case 'restricted':
      await restrict(em, account, update)
      return []
    case 'reinstated':
      await em.execute('update phone_numbers set restriction = null where workspace_id = ? and waba_id = ?', [
        workspaceId,
        account.wabaId,
      ])
      return liftOfAccount(em, account)
  }
}

/** @param displayNumber as WhatsApp writes it; all of the account when absent */
async function listNumbers(
  em: Em,
  { workspaceId, wabaId }: Account,
  displayNumber?: string,
): Promise<string[]> {
  const rows = await em.execute<{ id: string; display_number: string }[]>(
    'select id, display_number from phone_numbers where workspace_id = ? and waba_id = ? order by id',
    [workspaceId, wabaId],
  )
  return rows
    .filter((row) => displayNumber === undefined || digitsOf(row.display_number) === digitsOf(displayNumber))
    .map(({ id }) => id)
}

function digitsOf(displayNumber: string): string {
  return displayNumber.replace(/\D/g, '')
}

/** No campaign may begin a conversation from any number of the account. */
async function restrict(
  em: Em,
  account: Account,
  { types, untilMs }: Extract<NumberUpdate, { kind: 'restricted' }>,
): Promise<void> {
  const { workspaceId } = account
  const restriction = types.join(', ')
  const forMs = untilMs === null ? undefined : untilMs - Date.now()
  if (forMs !== undefined && forMs <= 0) return
  for (const numberId of await listNumbers(em, account)) {
    await em.execute('update phone_numbers set restriction = ? where workspace_id = ? and id = ?', [
      ...[restriction, workspaceId, numberId],
    ])
    await placeStop(em, {
      ...{ workspaceId, numberId, scope: 'campaigns', code: accountCode, by: 'autopilot', forMs },
      reason: `WhatsApp restricted the account: ${restriction}`,
    })
  }
}

async function liftOfAccount(em: Em, { workspaceId, wabaId }: Account): Promise<OutboxRow[]> {
  const { outbox } = await liftStops(
    em,
    { workspaceId, by: 'autopilot' },
    's.code = ? and s.number_id in (select id from phone_numbers where workspace_id = ? and waba_id = ?)',
    [accountCode, workspaceId, wabaId],
  )
  return outbox
}
