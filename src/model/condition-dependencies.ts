import { isAboutNow } from './condition-compare.ts'
import type { Leaf } from './condition-schema.ts'
import type { Condition, EventCondition } from './conditions.ts'

/** What can change a condition's verdict. */
export interface ConditionDependencies {
  /** `attribute:<name>`, `tag`, `consent`, `last_seen`, `window`, `segment:<id>`, `event:<type>`, `journey:<id>`, `campaign:<id>`. */
  keys: string[]
  /** Whether it can also change by itself, as time passes. */
  timeDependent: boolean
}

/** A condition on any campaign depends on this key beside those of single campaigns. */
export const anyCampaign = 'campaign:any'

export function conditionDependencies(condition: Condition): ConditionDependencies {
  const parts = leavesOf(condition).map(dependenciesOf)
  return {
    keys: [...new Set(parts.flatMap(({ keys }) => keys))].sort(),
    timeDependent: parts.some(({ timeDependent }) => timeDependent),
  }
}

/** Every condition that holds no others; `where` of an event belongs to its event. */
export function leavesOf(condition: Condition): (Leaf | EventCondition)[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(leavesOf)
    case 'not':
      return leavesOf(condition.condition)
    default:
      return [condition]
  }
}

function dependenciesOf(leaf: Leaf | EventCondition): ConditionDependencies {
  switch (leaf.kind) {
    case 'compare':
      return compareDependencies(leaf)
    case 'tag':
      return always('tag')
    case 'local-time':
      return moving('attribute:time_zone')
    case 'event':
      return { keys: [`event:${leaf.event}`], timeDependent: dependsOnTime(leaf) }
    case 'segment':
      return always(`segment:${leaf.segmentId}`)
    case 'journey':
      return { keys: [`journey:${leaf.journeyId}`], timeDependent: leaf.within !== undefined }
    case 'campaign': {
      const key = leaf.campaignId === undefined ? anyCampaign : `campaign:${leaf.campaignId}`
      return { keys: [key], timeDependent: leaf.within !== undefined }
    }
    case 'last-seen':
      return { keys: ['last_seen'], timeDependent: leaf.operator !== 'never' }
    case 'last-message':
      return { keys: lastMessageKeys, timeDependent: false }
    case 'window':
      return moving('window')
    case 'consent':
      return always('consent')
    case 'spam':
      return always('attribute:spam')
    case 'bucket':
      return { keys: [], timeDependent: false }
  }
}

/** What is told of messages. */
const lastMessageKeys = ['sent', 'delivered', 'read', 'failed', 'received'].map(
  (what) => `event:message_${what}`,
)

/** Events may be told with a time that is still to come. */
function dependsOnTime({ window, where }: EventCondition): boolean {
  const isRelative = window !== undefined && 'last' in window
  return (
    isRelative || (where !== undefined && leavesOf(where).some((leaf) => dependenciesOf(leaf).timeDependent))
  )
}

/** Names that follow from others, or are told of under another key. */
const keysOfPath: Record<string, string[]> = {
  id: [],
  tags: ['tag'],
  name: ['attribute:name', 'attribute:first_name', 'attribute:last_name'],
  first_name: ['attribute:first_name', 'attribute:name'],
  whatsapp_opted: ['consent'],
  last_seen_at: ['last_seen'],
}

function compareDependencies({ path, operator }: Leaf<'compare'>): ConditionDependencies {
  const keys = isByLocalDay(operator) ? ['attribute:time_zone'] : []
  const [root, first = '', ...rest] = path.split('.')
  if (root === 'contact') {
    const isCustom = first === 'attributes' && rest.length > 0
    const name = isCustom ? (rest[0] ?? '') : first
    const known = !isCustom && Object.hasOwn(keysOfPath, name) ? keysOfPath[name] : undefined
    keys.push(...(known ?? [`attribute:${name}`]))
  }
  return { keys, timeDependent: isAboutNow(operator) }
}

function isByLocalDay(operator: Leaf<'compare'>['operator']): boolean {
  return operator === 'is-today' || operator === 'anniversary'
}

function always(key: string): ConditionDependencies {
  return { keys: [key], timeDependent: false }
}

function moving(key: string): ConditionDependencies {
  return { keys: [key], timeDependent: true }
}
