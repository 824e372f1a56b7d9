import type { ASTNode } from '@marcbachmann/cel-js'
import { parseFormula } from './formula-language.ts'
import type { Json } from './json.ts'
import { patternProblem } from './patterns.ts'
import { remember } from './remember.ts'

/** What a formula may name. `now` is there only where the caller says what time it is: formulas have no clock. */
export interface FormulaScope {
  contact?: object | undefined
  vars?: object | undefined
  event?: object | undefined
  reply?: object | undefined
  nowMs?: number | undefined
}
export type FormulaResult = { value: Json; problem?: undefined } | { problem: string }

/** Longer than this nobody writes by hand. */
export const maximumFormulaLength = 2_000

/** What is wrong with a formula, with the place of it; undefined when it can be computed. */
export function formulaProblem(source: string): string | undefined {
  return compile(source).problem
}

/** Computes a formula. What it needs and is not there, and what has no answer in JSON, is a problem in words. */
export function evaluateFormula(source: string, scope: FormulaScope): FormulaResult {
  const compiled = compile(source)
  if (!compiled.run) return { problem: compiled.problem }
  const { run, insertions } = compiled
  const { contact = {}, vars = {}, event = {}, reply = {}, nowMs } = scope
  const now = nowMs === undefined ? undefined : new Date(nowMs)
  try {
    return toJson(run({ contact, vars, event, reply, ...(now && { now }) }))
  } catch (error) {
    return { problem: describe(error, insertions) }
  }
}

type Compiled =
  | { run: (scope: Record<string, unknown>) => unknown; insertions: Insertion[]; problem?: undefined }
  | { run?: undefined; problem: string }

const compile = remember((source: string): Compiled => {
  if (source.length > maximumFormulaLength)
    return { problem: `is longer than ${maximumFormulaLength} characters` }
  try {
    const { ast } = parseFormula(source)
    const unfit = unfitPart(ast, 0)
    if (unfit !== undefined) return { problem: unfit }
    const insertions = divisorsOf(ast)
    const parsed = parseFormula(insert(source, insertions))
    const checked = parsed.check()
    return checked.valid ? { run: parsed, insertions } : { problem: describe(checked.error, insertions) }
  } catch (error) {
    return { problem: describe(error) }
  }
}, 1_000)

/** Where the text that is run has more than the text that was written. */
interface Insertion {
  at: number
  text: string
}

/** Two whole numbers would divide without a remainder, which nobody means: the divisor becomes a number with a point. */
function divisorsOf(node: ASTNode): Insertion[] {
  const own = node.op === '/' ? node.args[1].range : undefined
  const around = own
    ? [
        { at: own.start, text: 'double(' },
        { at: own.end, text: ')' },
      ]
    : []
  return [...around, ...childrenOf(node).flatMap(divisorsOf)]
}

function insert(source: string, insertions: Insertion[]): string {
  const pieces = insertions.toSorted((a, b) => b.at - a.at)
  return pieces.reduce((whole, { at, text }) => whole.slice(0, at) + text + whole.slice(at), source)
}

function describe(error: unknown, insertions: Insertion[] = []): string {
  const { summary, message, range } = error as {
    summary?: string
    message?: string
    range?: { start: number }
  }
  const words = summary ?? message ?? 'cannot be computed'
  return range ? `at character ${written(range.start, insertions) + 1}: ${words}` : words
}

/** The place in the text that was written. */
function written(place: number, insertions: Insertion[]): number {
  let shift = 0
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    if (at + shift < place) shift += text.length
  }
  return place - shift
}

/** Texts that formulas look at may be thousands of characters long. */
const degreeOfPatterns = 2

const walks = ['all', 'exists', 'exists_one', 'map', 'filter']

/**
 * What parses and may not run: a walk inside a walk and `bind` make little text into much work, and a pattern may run for
 * ever.
 */
function unfitPart(node: ASTNode, depth: number): string | undefined {
  const at = (words: string) => `at character ${node.range.start + 1}: ${words}`
  const isWalk = node.op === 'rcall' && walks.includes(node.args[0])
  if (isWalk && depth > 0) return at('a list may not be walked through inside of another walk')
  if (node.op === 'rcall' && node.args[0] === 'bind') return at('cel.bind is not available')
  const pattern = patternOf(node)
  if (pattern) {
    const problem =
      pattern.op === 'value' && typeof pattern.args === 'string'
        ? patternProblem(pattern.args, 'u', degreeOfPatterns)
        : 'must be written out, in quotes'
    if (problem !== undefined) return at(`the pattern ${problem}`)
  }
  for (const child of childrenOf(node)) {
    const problem = unfitPart(child, depth + Number(isWalk))
    if (problem !== undefined) return problem
  }
  return undefined
}

function patternOf(node: ASTNode): ASTNode | undefined {
  if (node.op === 'rcall' && node.args[0] === 'matches') return node.args[2][0]
  return node.op === 'call' && node.args[0] === 'matches' ? node.args[1][1] : undefined
}

function childrenOf(node: ASTNode): ASTNode[] {
  return [node.args]
    .flat(3)
    .filter((each): each is ASTNode => typeof each === 'object' && each !== null && 'op' in each)
}

/** Whole numbers of the language are bigints; a number of ours has to hold them. */
function toJson(value: unknown): FormulaResult {
  try {
    return { value: jsonOf(value) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  if (typeof value === 'number' && Number.isFinite(value)) return Number(value.toPrecision(15))
  if (typeof value === 'bigint' || typeof value === 'number')
    throw new RangeError(`gives ${value}, which is no amount`)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    throw new TypeError('gives something that is no text, number, list or object')
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, jsonOf(child)]))
}
