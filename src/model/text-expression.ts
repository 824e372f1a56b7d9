import { Context, Liquid, toValueSync, Value } from 'liquidjs'
import { numberOf } from './condition-values.ts'
import { readPath } from './json.ts'
import { remember } from './remember.ts'
import { habitsOf, textFilters } from './text-filters.ts'

/** `contact.first_name | capitalize | "there"`: a value that is changed by filters on its way into a text. */
export interface TextExpression {
  path: string
  /** Of the filters' arguments. */
  otherPaths: string[]
  /** What stands there when there is no value, if it is written out. */
  fallback: string | undefined
  /** Why it can never work: sending it would send a gap. */
  problem: string | undefined
  evaluate(scope: Record<string, unknown>): unknown
}

/** Longer than this nobody writes by hand. */
export const maximumExpressionLength = 2_000
const maximumFilters = 20
const roots = ['contact', 'vars', 'event', 'reply', 'now']

const word = '[A-Za-z_][\\w-]*(?:\\.[\\w-]+)*'
const quoted = `"[^"]*"|'[^']*'`
const argument = `${quoted}|-?\\d+(?:\\.\\d+)?|${word}`
const segmentPattern = new RegExp(
  `\\|\\s*(?:(${quoted})|([A-Za-z_]\\w*)(?:\\s*:\\s*((?:${argument})(?:\\s*,\\s*(?:${argument}))*))?)\\s*`,
  'gy',
)
const headPattern = new RegExp(`^\\s*(${word})\\s*(?=\\|)`)
const argumentPattern = new RegExp(argument, 'g')

const parse = remember(parseExpression, 2_000)

/** Reads what stands between `{{` and `}}`; undefined when it is no expression, and then it is text. */
export function readExpression(source: string): TextExpression | undefined {
  return parse(source)
}

interface FilterCall {
  name: string
  args: string[]
}

function parseExpression(source: string): TextExpression | undefined {
  const path = headPattern.exec(source)?.[1]
  if (path === undefined) return undefined
  const calls = readCalls(source.slice(source.indexOf('|')))
  const isMeant = roots.includes(path.split('.')[0] ?? '')
  if (!calls)
    return isMeant ? broken(path, source, 'cannot be read: write value | filter: "argument"') : undefined
  const problem = calls.map(callProblem).find((each) => each !== undefined)
  const isTooLong = calls.length > maximumFilters ? `has more than ${maximumFilters} filters` : undefined
  const wrong = isTooLong ?? problem
  if (wrong !== undefined) return isMeant || isTooLong ? broken(path, source, wrong) : undefined
  return working(path, calls)
}

/** Undefined where something cannot be read. */
function readCalls(filters: string): FilterCall[] | undefined {
  const found = [...filters.matchAll(segmentPattern)]
  if (found.reduce((read, [all]) => read + all.length, 0) < filters.length) return undefined
  return found.map(([, fallback, name = 'default', args = '']) => ({
    name,
    args: fallback === undefined ? (args.match(argumentPattern) ?? []) : [fallback],
  }))
}

function callProblem({ name, args }: FilterCall): string | undefined {
  const filter = Object.hasOwn(textFilters, name) ? textFilters[name] : undefined
  if (!filter) return `there is no filter "${name}"`
  const [least, most] = filter.takes
  if (args.length < least || args.length > most) {
    const many = least === most ? String(least) : `${least} to ${most}`
    return `the filter "${name}" takes ${many} arguments, not ${args.length}`
  }
  return args.some(isPath) ? undefined : filter.check?.(args.map(literalOf))
}

function isPath(argument: string): boolean {
  return /^[A-Za-z_]/.test(argument)
}

function literalOf(argument: string): string | number {
  return /^["']/.test(argument) ? argument.slice(1, -1) : numberOf(argument)
}

function broken(path: string, source: string, problem: string): TextExpression {
  const words = `{{${source.trim()}}}: ${problem}`
  return { path, otherPaths: [], fallback: undefined, problem: words, evaluate: () => undefined }
}

/** Values are read by our own rules and handed over by name, so that Liquid sees no object but what was asked for. */
function working(path: string, calls: FilterCall[]): TextExpression {
  const otherPaths = calls.flatMap(({ args }) => args.filter(isPath))
  const names = new Map(otherPaths.map((other, at) => [other, `a${at}`]))
  const filters = calls.map(({ name, args }) => {
    const given = args.map((arg) => names.get(arg) ?? arg).join(', ')
    return given === '' ? `| ${name}` : `| ${name}: ${given}`
  })
  const value = new Value(`it ${filters.join(' ')}`, engine)
  const last = calls.findLast(({ name }) => name === 'default')?.args[0]
  return {
    path,
    otherPaths,
    fallback: last === undefined || isPath(last) ? undefined : String(literalOf(last)),
    problem: undefined,
    evaluate: (scope) => {
      const given = [...names].map(([other, name]) => [name, readPath(scope, other)])
      const globals = { ...Object.fromEntries(given), it: readPath(scope, path) }
      return toValueSync(
        value.value(new Context(scope, engine.options, { sync: true, globals }, { liquid: engine })),
      )
    },
  }
}

/** Liquid without its tags and its own filters: what is left can neither loop nor read a file or a clock. */
const engine = createEngine()

function createEngine(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: maximumExpressionLength * 2,
    templates: {},
  })
  for (const name of Object.keys(liquid.tags)) delete liquid.tags[name]
  for (const name of Object.keys(liquid.filters)) liquid.unregisterFilter(name)
  for (const [name, filter] of Object.entries(textFilters)) {
    liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      return filter.apply(value, args, habitsOf(this.context))
    })
  }
  return liquid
}
