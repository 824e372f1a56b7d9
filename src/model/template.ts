import { readPath, toText } from './json.ts'

/** One `{{path}}` or `{{path | "fallback"}}` of a text. */
interface Placeholder {
  path: string
  fallback: string | undefined
}

type Part = string | Placeholder

const placeholder = /^\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*(?:\|\s*(?:"([^"]*)"|'([^']*)')\s*)?$/

export interface Rendered<T> {
  value: T
  /** Paths that had neither value nor fallback; nothing may be sent when there is one. */
  missing: string[]
}

/**
 * Renders every string inside a JSON value; keys and other values stay as they are.
 * @param blank stands for what has neither value nor fallback.
 */
export function renderTemplate<T>(value: T, scope: Record<string, unknown>, blank = ''): Rendered<T> {
  const missing: string[] = []
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return renderText(node, { scope, missing, blank })
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }
  return { value: walk(value) as T, missing: [...new Set(missing)] }
}

/** All paths a value's texts name, with whether each has a fallback: for validation before publishing. */
export function listPlaceholders(value: unknown): Placeholder[] {
  if (typeof value === 'string') return parse(value).filter((part) => typeof part !== 'string')
  if (Array.isArray(value)) return value.flatMap(listPlaceholders)
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(listPlaceholders)
}

interface Rendering {
  scope: Record<string, unknown>
  missing: string[]
  blank: string
}

function renderText(text: string, { scope, missing, blank }: Rendering): string {
  if (!text.includes('{{')) return text
  return parse(text)
    .map((part) => {
      if (typeof part === 'string') return part
      const found = toText(readPath(scope, part.path))
      if (found !== '') return found
      if (part.fallback === undefined) missing.push(part.path)
      return part.fallback ?? blank
    })
    .join('')
}

/** What does not parse as a placeholder stays literal: a customer's own braces are text. */
function parse(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  while (from < text.length) {
    const open = text.indexOf('{{', from)
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2)
    if (close < 0) break
    const match = placeholder.exec(text.slice(open + 2, close))
    if (match?.[1]) {
      if (open > from) parts.push(text.slice(from, open))
      parts.push({ path: match[1], fallback: match[2] ?? match[3] })
      from = close + 2
    } else {
      parts.push(text.slice(from, open + 2))
      from = open + 2
    }
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}
