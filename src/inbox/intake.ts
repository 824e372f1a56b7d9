import type { InboundMessage, InboundOther, InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import { hearFailedStatuses } from '../autopilot/hear-failed-statuses.ts'
import { hearNumberUpdates } from '../autopilot/hear-number-updates.ts'
import { liftApproved } from '../autopilot/sweep-stops.ts'
import { hearPreferences } from '../consent/hear-preferences.ts'
import { hearRefusedStatuses } from '../consent/hear-refusals.ts'
import { hearIdentitiesOfStatuses } from '../contacts/hear-identities.ts'
import { isLostRace } from '../db/lost-race.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { receiveFlowNotices } from '../flows/receive-flow-notices.ts'
import { webhookItems } from '../kit/metrics.ts'
import { receiveEchoes } from './receive-echoes.ts'
import { receiveMessages } from './receive-messages.ts'
import { receiveStatuses } from './receive-statuses.ts'
import { countInbound } from './send-rate.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { receiveTemplateUpdates } from '../templates/receive-template-updates.ts'
import { storeOthers } from './store-others.ts'

/** What one webhook brought for one number (or for a business account, when `number` serves as its sign). */
export interface IntakeItems {
  number: NumberAccess
  messages: InboundMessage[]
  statuses: InboundStatus[]
  others: InboundOther[]
}

/** One statement or transaction holds at most about this many items. */
const maximumItems = 1_000
const maximumAttempts = 3

interface Waiting {
  items: IntakeItems
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Takes items in durably: `add` resolves after the commit. Webhooks that arrive while a transaction is under way share the
 * next one, because a commit costs more than the rows in it: that is what keeps up with a number at its highest rate.
 */
export interface Intake {
  add(items: IntakeItems): Promise<void>
}

export function createIntake(deps: Deps): Intake {
  const queues = new Map<string, { waiting: Waiting[]; running: boolean }>()

  function wait(lane: string, items: IntakeItems): Promise<void> {
    const queue = queues.get(lane) ?? { waiting: [], running: false }
    queues.set(lane, queue)
    return new Promise((resolve, reject) => {
      queue.waiting.push({ items, resolve, reject })
      void serve(queue)
    })
  }

  async function serve(queue: { waiting: Waiting[]; running: boolean }): Promise<void> {
    if (queue.running) return
    queue.running = true
    while (queue.waiting.length > 0) {
      const turn = takeTurn(queue.waiting)
      await store(deps, turn)
    }
    queue.running = false
  }

  return {
    // Statuses are many and cheap: they do not wait for customers' messages, nor these for them.
    async add({ number, messages, statuses, others }) {
      const lanes: Promise<void>[] = []
      const empty = { number, messages: [], statuses: [], others: [] }
      if (statuses.length > 0) lanes.push(wait(`statuses ${number.id}`, { ...empty, statuses }))
      if (messages.length + others.length > 0) lanes.push(wait(number.id, { ...empty, messages, others }))
      await Promise.all(lanes)
    },
  }
}

function takeTurn(waiting: Waiting[]): Waiting[] {
  let size = 0
  const end = waiting.findIndex(({ items }, at) => {
    size += items.messages.length + items.statuses.length + items.others.length
    return at > 0 && size > maximumItems
  })
  return waiting.splice(0, end < 0 ? waiting.length : end)
}

/** Together when it goes, each webhook by itself when the database refuses the lot. */
async function store(deps: Deps, turn: Waiting[]): Promise<void> {
  const items = merge(turn.map((each) => each.items))
  try {
    await commit(deps, items)
    for (const { resolve } of turn) resolve()
  } catch (error) {
    if (!isRefusedByData(error)) return turn.forEach(({ reject }) => reject(error))
    for (const each of turn) await storeInHalves(deps, singlesOf(each.items)).then(each.resolve, each.reject)
  }
}

function merge(all: IntakeItems[]): IntakeItems {
  const [first] = all
  if (!first) throw new RangeError('a turn has at least one webhook')
  return {
    number: first.number,
    messages: all.flatMap((items) => items.messages),
    statuses: all.flatMap((items) => items.statuses),
    others: all.flatMap((items) => items.others),
  }
}

/** Whoever loses a deadlock goes on when the other one has: the webhook's sender need not come again for that. */
async function commit(deps: Deps, items: IntakeItems): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await commitOnce(deps, items)
    } catch (error) {
      if (!isLostRace(error) || attempt === maximumAttempts) throw error
    }
  }
}

async function commitOnce(deps: Deps, { number, messages, statuses, others }: IntakeItems): Promise<void> {
  const em = forkFor(deps.orm, number.workspaceId)
  const outbox = await receiveStatuses(em, number, statuses)
  // A crash before this leaves the webhook unanswered: WhatsApp tells it again.
  outbox.push(...(await hearRefusedStatuses(em, number, statuses)))
  outbox.push(...(await hearFailedStatuses(em, number, statuses)))
  await hearIdentitiesOfStatuses(em, number, statuses)
  if (messages.length + others.length > 0) {
    const told = await em.transactional(async (tx) => {
      await storeOthers(tx, number.workspaceId, others)
      await receiveFlowNotices(tx, number.workspaceId, others)
      await receiveTemplateUpdates(tx, number, others)
      const freed = others.length > 0 ? await hearOfNumbers(tx, number, others) : []
      const preferences = await hearPreferences(tx, number, others)
      const echoes = await receiveEchoes(tx, number, others)
      return [...freed, ...preferences, ...echoes, ...(await receiveMessages(tx, number, messages))]
    })
    outbox.push(...told)
  }
  webhookItems.inc({ kind: 'message' }, messages.length)
  webhookItems.inc({ kind: 'status' }, statuses.length)
  webhookItems.inc({ kind: 'other' }, others.length)
  relaySoon(deps, outbox)
  const { orm } = deps
  if (messages.length > 0)
    deps.background.run('count inbound', () => countInbound(orm, number.id, messages.length))
}

/** Limits, quality and restrictions; templates that may be sent again. */
async function hearOfNumbers(em: Em, number: NumberAccess, others: InboundOther[]): Promise<OutboxRow[]> {
  const isOfTemplates = others.some(({ field }) => field === 'message_template_status_update')
  return [
    ...(await hearNumberUpdates(em, number, others)),
    ...(isOfTemplates ? await liftApproved(em, number) : []),
  ]
}

/** An item by itself, and how it is kept when it cannot be stored as what it is. */
interface Single {
  one: IntakeItems
  parked: InboundOther
}

function singlesOf({ number, messages, statuses, others }: IntakeItems): Single[] {
  const empty = { number, messages: [], statuses: [], others: [] }
  return [
    ...messages.map((message) => ({
      one: { ...empty, messages: [message] },
      parked: { field: 'messages', raw: { message: message.raw }, problem: undefined },
    })),
    ...statuses.map((status) => ({
      one: { ...empty, statuses: [status] },
      parked: { field: 'messages', raw: { status: status.raw }, problem: undefined },
    })),
    ...others.map((other) => ({ one: { ...empty, others: [other] }, parked: other })),
  ]
}

/** Finds the poisoned items by halves: their neighbours land, they are parked with the reason. */
async function storeInHalves(deps: Deps, singles: Single[]): Promise<void> {
  const [first] = singles
  if (!first) return
  try {
    await commit(deps, merge(singles.map(({ one }) => one)))
  } catch (error) {
    if (!isRefusedByData(error)) throw error
    if (singles.length === 1) return park(deps, first, error)
    const middle = Math.ceil(singles.length / 2)
    await storeInHalves(deps, singles.slice(0, middle))
    await storeInHalves(deps, singles.slice(middle))
  }
}

async function park(deps: Deps, { one, parked }: Single, error: unknown): Promise<void> {
  const { workspaceId } = one.number
  const problem = error instanceof Error ? error.message : String(error)
  deps.log.warn({ err: error }, 'an inbound item cannot be stored as what it is; it is parked')
  await storeOthers(forkFor(deps.orm, workspaceId), workspaceId, [{ ...parked, problem }])
}

/** SQLSTATE classes 21 to 23, and 54 (too large for an index): the same data will be refused again. */
function isRefusedByData(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException
    if (typeof code === 'string' && /^(21|22|23|54)\w{3}$/.test(code)) return true
  }
  return false
}
