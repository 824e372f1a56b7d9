import type { JsonObject } from './json.ts'

/**
 * What a quick reply of an API's template starts: `flow_<key>`, with data behind `||` as `data_<name>=<value>`, more of it
 * after `&` or another `||`. Undefined of every other payload.
 */
export function readFlowPayload(payload: string): { flowKey: string; data: JsonObject } | undefined {
  const [head = '', ...rest] = payload.split('||')
  const flowKey = /^\s*flow[_-](\S.*?)\s*$/i.exec(head)?.[1]
  if (flowKey === undefined) return undefined
  const pairs = rest.flatMap(pairsOf).map(({ name, value }) => [name, value] as const)
  return { flowKey, data: Object.fromEntries(pairs) }
}

/** A value may hold an ampersand: only what looks like another pair is one. */
function pairsOf(part: string): { name: string; value: string }[] {
  const text = part.trim().replace(/^data[_-]/i, '')
  if (text === '') return []
  if (!text.includes('=')) return [{ name: 'data', value: text }]
  return text.split(/&(?=[\w-]+=)/).map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at).trim() || 'data', value: pair.slice(at + 1).trim() }
  })
}
