import { scriptLimits } from './script-limits.ts'

const { outputLength, lines, lineLength } = scriptLimits

/**
 * JavaScript that runs inside the sandbox before the script does. It takes what it needs of the language first: what the
 * script changes of it afterwards harms the script alone. The code is a function's body; the engine counts its lines from 3.
 */
export const prelude = `(function () {
  'use strict'
  const { parse, stringify } = JSON
  const { apply } = Reflect
  const { then } = Promise.prototype
  const { isArray } = Array
  const { slice } = String.prototype
  const { exec } = RegExp.prototype
  const text = String
  const count = Number
  const AsyncFunction = (async () => {}).constructor
  const written = []
  let size = 0
  let state = { __proto__: null }
  const short = (value) => apply(slice, value, [0, ${lineLength}])
  const show = (value) => {
    if (typeof value === 'string') return value
    if (value instanceof Error) return text(value.name) + ': ' + text(value.message)
    try { return stringify(value) ?? text(value) } catch { return '[cannot be shown]' }
  }
  const log = (...values) => {
    if (size >= ${lines}) return
    let line = ''
    for (let at = 0; at < values.length; at += 1) line += (at > 0 ? ' ' : '') + show(values[at])
    written[size++] = size === ${lines} ? '… and more' : short(line)
  }
  const console = { log, info: log, warn: log, error: log, debug: log }
  Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true })
  const lineOf = (error) => {
    const found = apply(exec, /<input>:(\\d+)/, [text(error?.stack)])
    const line = found ? count(found[1]) - 2 : 0
    return line > 0 ? line : undefined
  }
  const fail = (error) => {
    let reason = 'it threw something that cannot be shown'
    let line
    try {
      reason = short(error instanceof Error ? show(error) : 'it threw ' + show(error))
      line = lineOf(error)
    } catch {}
    state = { __proto__: null, reason, line }
  }
  const refuse = (reason) => { state = { __proto__: null, reason } }
  const succeed = (value) => {
    try {
      const result = value === undefined ? {} : value
      if (typeof result !== 'object' || result === null || isArray(result)) {
        return refuse('it must return an object whose properties are variables')
      }
      const output = stringify(result)
      if (typeof output !== 'string') return refuse('what it returns is no JSON')
      if (output.length > ${outputLength}) {
        return refuse('it returns ' + output.length + ' characters of JSON: at most ${outputLength} are kept')
      }
      state = { __proto__: null, output }
    } catch (error) { fail(error) }
  }
  return {
    start(code, input) {
      try {
        const { contact, vars, event } = parse(input)
        apply(then, new AsyncFunction('contact', 'vars', 'event', code)(contact, vars, event), [succeed, fail])
      } catch (error) { fail(error) }
    },
    state: () => state,
    lines: () => written,
  }
})()`
