import { readPath, toText, type JsonObject } from './json.ts'
import { remember } from './remember.ts'
import { maximumExpressionLength, readExpression, type TextExpression } from './text-expression.ts'

/** One `{{path}}` or `{{path | "fallback"}}` of a text. */
interface Placeholder {
  path: string
  fallback: string | undefined
}

type Part = string | Placeholder | TextExpression

const placeholder = /^\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*(?:\|\s*(?:"([^"]*)"|'([^']*)')\s*)?$/

export interface Rendered<T> {
  value: T
  /** Paths that had neither value nor fallback, and expressions that can never work; nothing may be sent when there is one. */
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

/** What a journey's texts are rendered with. The time is what the caller says: nothing here has a clock. */
export function textScope(given: { contact: object; vars: JsonObject; nowMs: number }) {
  const { contact, vars, nowMs } = given
  return {
    ...{ contact, vars, event: vars['event'] ?? {} },
    // Few texts name it, and simulations render millions.
    get now() {
      return new Date(nowMs).toISOString()
    },
  }
}

/** All paths a value's texts name, with whether each has a fallback: for validation before publishing. */
export function listPlaceholders(value: unknown): Placeholder[] {
  return listParts(value).flatMap((part) => {
    const { path, fallback } = part
    const others = 'otherPaths' in part ? part.otherPaths : []
    return [path, ...others].map((each) => ({ path: each, fallback }))
  })
}

/** What can never work in a value's texts: unknown filters, wrong arguments. */
export function templateProblems(value: unknown): string[] {
  return listParts(value).flatMap((part) => ('problem' in part && part.problem ? [part.problem] : []))
}

function listParts(value: unknown): Exclude<Part, string>[] {
  if (typeof value === 'string') return parse(value).filter((part) => typeof part !== 'string')
  if (Array.isArray(value)) return value.flatMap(listParts)
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(listParts)
}

interface Rendering {
  scope: Record<string, unknown>
  missing: string[]
  blank: string
}

function renderText(text: string, rendering: Rendering): string {
  if (!text.includes('{{')) return text
  let rendered = ''
  for (const part of parse(text)) rendered += typeof part === 'string' ? part : renderPart(part, rendering)
  return rendered
}

function renderPart(part: Exclude<Part, string>, { scope, missing, blank }: Rendering): string {
  const isExpression = 'evaluate' in part
  const found = toText(isExpression ? part.evaluate(scope) : readPath(scope, part.path))
  if (found !== '') return found
  if (part.fallback === undefined) missing.push((isExpression && part.problem) || part.path)
  return part.fallback ?? blank
}

/** Journeys and campaigns render the same texts for everybody: each is taken apart once. */
const parse = remember(parseText, 2_000)

/** What does not parse as a placeholder stays literal: a customer's own braces are text. */
function parseText(text: string): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  while (from < text.length) {
    const open = text.indexOf('{{', from)
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2)
    if (close < 0) break
    const part = parsePart(text, open + 2, close)
    if (part) {
      if (open > from) parts.push(text.slice(from, open))
      parts.push(part)
      from = close + 2
    } else {
      parts.push(text.slice(from, open + 2))
      from = open + 2
    }
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

function parsePart(text: string, from: number, to: number): Placeholder | TextExpression | undefined {
  if (to - from > maximumExpressionLength) return undefined
  const inside = text.slice(from, to)
  const match = placeholder.exec(inside)
  return match?.[1] ? { path: match[1], fallback: match[2] ?? match[3] } : readExpression(inside)
}
