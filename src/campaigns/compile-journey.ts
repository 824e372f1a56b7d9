import { sendCardId } from '../model/campaign-cards.ts'
import type { CampaignDefinition, Variant } from '../model/campaign-definition.ts'
import { tapPayload } from '../model/campaign-tap.ts'
import type { Period } from '../model/condition-period.ts'
import { toText, type Json, type JsonObject } from '../model/json.ts'
import { durationMs, type Duration } from '../model/schedule.ts'

/** Stands in a link's address until the message has its id. */
export const linkMark = '~campaign-link~'

type Cards = Record<
  string,
  { type: string; title?: string; settings: JsonObject; next: Record<string, string | null> }
>

/**
 * The journey that runs a triggered campaign or a drip: the first message, dealt out by weight, then step by step a delay, the
 * ways out, a condition and the next message.
 * @param runId whose messages they are; taps on their buttons come back with it.
 */
export function compileJourney(
  kind: 'triggered' | 'drip',
  definition: CampaignDefinition,
  runId: string,
): JsonObject {
  const { trigger, steps, priority, class: messageClass } = definition
  const cards: Cards = {}
  const entryOf = (step: number) => (step < steps.length ? `wait-${step + 1}` : null)
  const start = addFirst(cards, definition, runId, entryOf(0))
  steps.forEach((step, at) => addStep(cards, definition, { step, at: at + 1, next: entryOf(at + 1) }, runId))
  const { type, condition, ...what } = trigger ?? { type: 'api' }
  return JSON.parse(
    JSON.stringify({
      start,
      cards,
      triggers: [{ type, ...what, ...(condition && { condition }) }],
      entry: { reentry: kind === 'drip' ? 'while-not-inside' : 'always' },
      messageClass,
      priority,
    }),
  ) as JsonObject
}

function addFirst(cards: Cards, definition: CampaignDefinition, runId: string, next: string | null): string {
  const { variants, holdOut } = definition
  for (const variant of variants) addSend(cards, { step: 0, variant, next, runId, definition })
  const [only] = variants
  if (only && variants.length === 1 && holdOut === 0) return sendCardId(0, only.id)
  const total = variants.reduce((sum, { weight }) => sum + weight, 0)
  const paths = variants.map(({ id, weight }) => ({ id, weight }))
  // A splitter has two paths at least: the second one of a single variant is nobody's.
  if (paths.length === 1) paths.push({ id: '-', weight: 0 })
  cards['split'] = {
    type: 'ab-splitter',
    settings: { paths, holdOut: (total * holdOut) / (1 - holdOut) },
    next: Object.fromEntries(variants.map(({ id }) => [`path:${id}`, sendCardId(0, id)])),
  }
  return 'split'
}

interface StepAt {
  step: CampaignDefinition['steps'][number]
  at: number
  next: string | null
}

function addStep(
  cards: Cards,
  definition: CampaignDefinition,
  { step, at, next }: StepAt,
  runId: string,
): void {
  const { reply, goal } = definition.exitOn
  const { delay, variant, condition } = step
  addSend(cards, { step: at, variant, next, runId, definition })
  const sendId = sendCardId(at, variant.id)
  const leaves = reply && goal !== undefined ? [{ id: 'goal', condition: reached(goal, delay) }] : []
  const branches = [...leaves, ...(condition ? [{ id: 'fits', condition }] : [])]
  const event = reply ? 'message_received' : goal
  const judge = `judge-${at}`
  cards[`wait-${at}`] = {
    type: 'time-delay',
    settings: plain({
      delay: { mode: 'duration', duration: delay },
      ...(event !== undefined && { event: { name: event } }),
    }),
    next: { done: branches.length > 0 ? judge : sendId },
  }
  if (branches.length === 0) return
  cards[judge] = {
    type: 'run-if',
    settings: plain({ branches }),
    next: condition ? { 'branch:fits': sendId, else: next } : { else: sendId },
  }
}

/** Since the last time that it was asked; a minute twice is better than a minute never. */
function reached(event: string, delay: Duration) {
  const minutes = Math.ceil(durationMs(delay) / 60_000) + 1
  const last: Period =
    minutes <= 10_000
      ? { amount: minutes, unit: 'minutes' }
      : { amount: Math.ceil(minutes / 60), unit: 'hours' }
  return { kind: 'event', event, window: { last } }
}

interface Sending {
  step: number
  variant: Variant
  next: string | null
  runId: string
  definition: CampaignDefinition
}

function addSend(cards: Cards, { step, variant, next, runId, definition }: Sending): void {
  const id = sendCardId(step, variant.id)
  const { message } = variant
  if (message.kind === 'direct') {
    const [content] = message.contents
    const body = content?.type === 'text' ? content.text.body : ''
    cards[id] = { type: 'message', settings: plain({ text: fill(body, definition) }), next: onward(next) }
    return
  }
  const { name, language, values, fallback } = message
  const wait = { wait: false, ...(language !== undefined && { language }) }
  const settingsOf = (template: string, given: typeof values) =>
    plain(fill({ template, ...wait, values: withActions(given, definition, step, runId) }, definition))
  const fallbackId = `${id}_fallback`
  cards[id] = {
    type: 'send-template',
    settings: settingsOf(name, values),
    next: fallback ? { ...onward(next), failed: fallbackId } : onward(next),
  }
  if (fallback)
    cards[fallbackId] = {
      type: 'send-template',
      settings: settingsOf(fallback.name, fallback.values),
      next: onward(next),
    }
}

/** Whoever cannot get one message gets the next all the same. */
function onward(next: string | null): Record<string, string | null> {
  return { next, failed: next }
}

function withActions(
  values: Extract<Variant['message'], { kind: 'template' }>['values'],
  { buttons: actions }: CampaignDefinition,
  step: number,
  runId: string,
) {
  if (step > 0 || actions.length === 0) return values
  const buttons = { ...values.buttons }
  const links = actions.filter(({ type }) => type === 'url').map(({ index }) => index)
  for (const { index, type } of actions) {
    const suffix = index === links[0] ? linkMark : `${linkMark}.${index}`
    const given = type === 'url' ? { suffix } : { payload: tapPayload({ runId, index }) }
    buttons[String(index)] = { ...buttons[String(index)], ...given }
  }
  return { ...values, buttons }
}

/** What is given to everybody is known as the journey is made. Braces that it holds are text, not placeholders. */
function fill<T>(value: T, { given }: CampaignDefinition): T {
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string')
      return node.replace(givenPlaceholder, (whole, name: string) =>
        Object.hasOwn(given, name) ? toText(given[name]).replace(/\{(?=\{)/g, '{ ') : whole,
      )
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }
  return walk(value) as T
}

const givenPlaceholder = /\{\{\s*given\.([\w-]+)\s*(?:\|\s*(?:"[^"]*"|'[^']*')\s*)?\}\}/g

function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as Json as JsonObject
}
