import type { Em } from '../db/orm.ts'
import { partsOf } from '../model/template-parts.ts'
import { getDefaultLanguage } from './resolve-template.ts'
import {
  contentOf,
  sendableStatuses,
  sentContentOf,
  templateColumns,
  type TemplateRow,
} from './template-row.ts'

/**
 * A copy of a journey's draft in which cards that send templates know the reply buttons of today's approved ones; what a draft
 * brought along of its own is dropped. A template that may not be sent leaves its card without, which then refuses to be
 * published, unless templates of any state are wanted. Texts and languages are looked up at each send: a template changes without its journeys.
 */
export async function freezeTemplates<T>(
  em: Em,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
  draft: T,
  of: 'sendable' | 'any',
): Promise<T> {
  const wanted = Object.values(cardsOf(draft)).flatMap((card) => templateOf(card) ?? [])
  if (wanted.length === 0) return draft
  const rows = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t
     join phone_numbers p on p.id = ? and p.workspace_id = t.workspace_id and p.waba_id = t.waba_id
     where t.workspace_id = ? and t.deleted_at is null
       and t.name in (select jsonb_array_elements_text(?::jsonb)) order by t.language`,
    [numberId, workspaceId, JSON.stringify(wanted)],
  )
  const usual = await getDefaultLanguage(em, workspaceId)
  const sendable = rows.filter(({ status }) => sendableStatuses.includes(status))
  const find = (name: string) => {
    const approved = sendable.filter((row) => row.name === name)
    const languages =
      approved.length > 0 || of === 'sendable' ? approved : rows.filter((row) => row.name === name)
    return languages.find(({ language }) => language === usual) ?? languages[0]
  }
  const cards = Object.entries(cardsOf(draft)).map(([id, card]) => [id, frozen(card, find)])
  return { ...draft, cards: Object.fromEntries(cards) as unknown }
}

interface LooseCard {
  type?: unknown
  settings?: Record<string, unknown>
}

function frozen(card: LooseCard, find: (name: string) => TemplateRow | undefined): LooseCard {
  const name = templateOf(card)
  if (name === undefined) return card
  const { replies: _replies, ...settings } = card.settings ?? {}
  const row = find(name)
  return { ...card, settings: { ...settings, ...(row && { replies: repliesOf(row) }) } }
}

/** The places of quick replies among the buttons, those of a carousel's cards after the card's. */
function repliesOf(row: TemplateRow): { at: string; text: string }[] {
  const content = sendableStatuses.includes(row.status) ? sentContentOf(row) : contentOf(row)
  const { buttons, cards = [] } = partsOf(content)
  const repliesAmong = (list: typeof buttons, before: string) =>
    list.flatMap(({ value }, at) =>
      value.type === 'QUICK_REPLY' ? [{ at: `${before}${at}`, text: value.text ?? `${at + 1}` }] : [],
    )
  return [...repliesAmong(buttons, ''), ...cards.flatMap((card, at) => repliesAmong(card.buttons, `${at}.`))]
}

function cardsOf(draft: unknown): Record<string, LooseCard> {
  const { cards } = (isRecord(draft) ? draft : {}) as { cards?: unknown }
  return isRecord(cards) ? (cards as Record<string, LooseCard>) : {}
}

function templateOf(card: LooseCard): string | undefined {
  const name =
    isRecord(card) && card.type === 'send-template' && isRecord(card.settings) && card.settings['template']
  return typeof name === 'string' ? name : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
