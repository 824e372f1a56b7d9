import type { Deps } from '../deps.ts'
import type { MessageContent } from '../model/message.ts'
import type { NumberAccess } from '../settings/numbers.ts'

/** The button of a template that opens a Flow. */
export interface FlowButton {
  index: number
  /** Meta's id of the Flow, or its name. */
  flow: string
}

/** Templates change rarely and are sent often: a process keeps what it found this long. */
const freshMs = 30_000
const maximumKept = 2_000
type Found = { atMs: number; button: Promise<FlowButton | undefined> }
const caches = new WeakMap<object, Map<string, Found>>()

/** Undefined for everything but a template with such a button. */
export async function findFlowButton(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, wabaId }: Pick<NumberAccess, 'workspaceId' | 'wabaId'>,
  content: MessageContent,
): Promise<FlowButton | undefined> {
  if (content.type !== 'template') return undefined
  const { name, language } = content.template
  const cache = caches.get(orm) ?? new Map<string, Found>()
  caches.set(orm, cache)
  const key = [workspaceId, wabaId, name, language.code].join(' ')
  const known = cache.get(key)
  if (known && Date.now() - known.atMs < freshMs) return known.button
  const button = loadButton(orm, [workspaceId, wabaId, name, language.code])
  button.catch(() => cache.delete(key))
  if (cache.size >= maximumKept) cache.clear()
  cache.set(key, { atMs: Date.now(), button })
  return button
}

async function loadButton(orm: Deps['orm'], template: string[]): Promise<FlowButton | undefined> {
  const [button] = await orm.em.fork().execute<FlowButton[]>(
    `select b.place::int - 1 as index, coalesce(b.value->>'flow_id', b.value->>'flow_name', '') as flow
     from templates t cross join jsonb_path_query(t.components, '$[*].buttons') l(list)
     cross join jsonb_array_elements(l.list) with ordinality b(value, place)
     where t.workspace_id = ? and t.waba_id = ? and t.name = ? and t.language = ? and t.deleted_at is null
       and b.value->>'type' = 'FLOW' limit 1`,
    template,
  )
  return button
}
