import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import { numberOf, scalarText } from './condition-values.ts'

/** Throws what says where the formula is wrong. */
export function parseFormula(source: string): ParseResult {
  return language.parse(source)
}

const arithmetic: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

const functions: Record<string, (...args: unknown[]) => unknown> = {
  'number(dyn): double': numeric,
  'round(dyn): double': (value) => Math.round(numeric(value)),
  'round(dyn, dyn): double': (value, digits) => roundTo(numeric(value), numeric(digits)),
  'floor(dyn): double': (value) => Math.floor(numeric(value)),
  'ceil(dyn): double': (value) => Math.ceil(numeric(value)),
  'abs(dyn): double': (value) => Math.abs(numeric(value)),
  'min(dyn, dyn): double': (a, b) => Math.min(numeric(a), numeric(b)),
  'max(dyn, dyn): double': (a, b) => Math.max(numeric(a), numeric(b)),
  'sum(list): double': (values) =>
    (values as unknown[]).reduce<number>((sum, each) => sum + numeric(each), 0),
  'upper(dyn): string': (value) => words(value).toUpperCase(),
  'lower(dyn): string': (value) => words(value).toLowerCase(),
  'trim(dyn): string': (value) => words(value).trim(),
}

/** CEL, whose values from outside are all `dyn`: texts and numbers mix as people write them. */
function createLanguage(): Environment {
  const cel = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: {
      maxAstNodes: 500,
      maxDepth: 40,
      maxListElements: 200,
      maxMapEntries: 200,
      maxCallArguments: 10,
    },
  })
  for (const root of ['contact', 'vars', 'event', 'reply']) cel.registerVariable(root, 'map')
  cel.registerVariable('now', 'google.protobuf.Timestamp')
  for (const [sign, compute] of Object.entries(arithmetic)) {
    for (const types of ['double X int', 'int X double']) {
      const signature = `${types.replace('X', sign)}: double`
      cel.registerOperator(signature, (a: unknown, b: unknown) => compute(Number(a), Number(b)))
    }
  }
  cel.registerOperator('double == int: bool', (a: unknown, b: unknown) => Number(a) === Number(b))
  for (const [signature, compute] of Object.entries(functions)) cel.registerFunction(signature, compute)
  return cel
}

const language = createLanguage()

function roundTo(value: number, digits: number): number {
  return Number(`${Math.round(Number(`${value}e${digits}`))}e${-digits}`)
}

/** Numbers may come as text, from a chat or an import. */
function numeric(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : numberOf(value)
  if (Number.isNaN(number)) throw new RangeError(`"${scalarText(value) ?? 'a list or object'}" is no number`)
  return number
}

function words(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : scalarText(value)
  if (text === undefined) throw new RangeError('a list or object is no text')
  return text
}
