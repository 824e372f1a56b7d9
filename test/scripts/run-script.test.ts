import { AppError } from '../../src/model/errors.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { scriptProblem } from '../../src/scripts/check-script.ts'
import { runScript } from '../../src/scripts/run-script.ts'
import { createScriptPool } from '../../src/scripts/script-pool.ts'

const pool = createScriptPool(2)
afterAll(() => pool.close())

const input = { contact: { first_name: 'Ann', tags: ['vip'] }, vars: { count: 2 }, event: { total: 9.5 } }
const run = (code: string) => runScript(pool, { code, input })
async function refusal(code: string): Promise<{ message: string; details: Record<string, unknown> }> {
  const error: unknown = await run(code).then(
    ({ output }) => new Error(`it returned ${JSON.stringify(output)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw error
  expect(error.code).toBe('script_failed')
  return error
}
/** What the script itself could learn: it returns `{ found }`. */
async function found(expression: string): Promise<JsonObject[string] | undefined> {
  const { output } = await run(`return { found: ${expression} }`)
  return output['found']
}

describe('what a script may do', () => {
  test('it reads contact, variables and event, and its properties become variables', async () => {
    const code = `
      const total = event.total * vars.count
      return { greeting: 'Hello ' + contact.first_name, total, isVip: contact.tags.includes('vip'), at: null }`
    expect(await run(code)).toEqual({
      output: { greeting: 'Hello Ann', total: 19, isVip: true, at: null },
      lines: [],
    })
  })

  test('it may await, and need not return anything', async () => {
    expect((await run('const x = await Promise.all([1, 2]); return { x }')).output).toEqual({ x: [1, 2] })
    expect((await run('vars.count += 1')).output).toEqual({})
  })

  test('what it logs is kept, up to a limit', async () => {
    const { lines } = await run('console.log("total", 3, { a: [1] }); console.error(new TypeError("no"))')
    expect(lines).toEqual(['total 3 {"a":[1]}', 'TypeError: no'])
    const many = await run('for (let i = 0; i < 500; i++) console.log("x".repeat(1000))')
    expect(many.lines).toHaveLength(100)
    expect(Math.max(...many.lines.map((line) => line.length))).toBe(500)
    expect(many.lines.at(-1)).toBe('… and more')
  })

  test('every script begins anew', async () => {
    await run('globalThis.left = 1; Array.prototype.map = () => "changed"; Object.prototype.more = 1')
    for (let at = 0; at < 4; at += 1) {
      expect(await found('[typeof left, [1].map((x) => x + 1), {}.more === undefined]')).toEqual([
        'undefined',
        [2],
        true,
      ])
    }
  })
})

describe('a failure says what and where', () => {
  test.each([
    ['let a = 1\nlet b = ;', 2, 'SyntaxError'],
    ['let a = 1\n\nreturn a.b.c', 3, 'TypeError'],
    ['const f = () => {\n  throw new Error("no stock")\n}\nf()', 2, 'Error: no stock'],
    ['await null\nthrow { code: 7 }', null, 'it threw {"code":7}'],
    ['return 5', null, 'it must return an object'],
    ['return [1]', null, 'it must return an object'],
    ['const a = {}; a.a = a; return a', null, 'circular'],
  ])('%j fails in line %s with %s', async (code, line, reason) => {
    const { message, details } = await refusal(code)
    expect(message).toContain(reason)
    expect(details['line']).toBe(line)
  })

  test('what was logged before is there', async () => {
    const { details } = await refusal('console.log("before"); throw new Error("after")')
    expect(details['lines']).toEqual(['before'])
  })

  test('code that cannot be read is known without running it', () => {
    expect(scriptProblem('return { a: await 1 }')).toBeUndefined()
    expect(scriptProblem('let a = 1\nlet b = ;')).toMatch(/^line 2: /)
    expect(scriptProblem(`${'('.repeat(20_000)}`)).toEqual(expect.any(String))
  })
})

describe('there is no way out', () => {
  test.each(
    'process require module exports global Buffer fetch XMLHttpRequest WebSocket setTimeout setInterval setImmediate queueMicrotask os std Worker Deno Bun __dirname __filename WebAssembly SharedWorker importScripts window self'.split(
      ' ',
    ),
  )('there is no %s', async (name) => {
    expect(await found(`typeof ${name}`)).toBe('undefined')
  })

  test.each([
    'this.constructor.constructor("return typeof process")()',
    'Function("return typeof process")()',
    '(async () => {}).constructor("return typeof process") && typeof process',
    '(function* () {}).constructor("return typeof process")().next().value ?? typeof process',
    'contact.constructor.constructor("return typeof process")()',
    'console.log.constructor("return typeof process")()',
    '[].map.constructor.constructor("return typeof process")()',
    'Reflect.construct(Function, ["return typeof process"])()',
    '(0, eval)("typeof process")',
    'Object.getPrototypeOf(function () {}).constructor("return typeof globalThis.process")()',
    '((e) => typeof e.constructor.constructor("return process")?.pid)((() => { try { null.x } catch (e) { return { constructor: { constructor: () => undefined } } } })())',
    'typeof Error.prepareStackTrace',
    'typeof (function f() { return f.caller })()?.constructor',
  ])('%s reaches nothing', async (expression) => {
    expect(await found(expression)).toBe('undefined')
  })

  test('errors carry nothing of the host', async () => {
    const stack = await found(
      '(() => { try { (function f() { f() })() } catch (e) { return e.stack.slice(0, 2000) } })()',
    )
    expect(JSON.stringify(stack)).not.toMatch(/file:|node:|\/src\/|worker/)
    const own = await found('(() => { try { null.x } catch (e) { return e.stack } })()')
    expect(JSON.stringify(own)).not.toMatch(/file:|node:|\/src\/|worker/)
  })

  test('it cannot import', async () => {
    expect((await refusal('const fs = await import("node:fs")\nreturn {}')).message).not.toContain('returned')
    expect((await refusal('import fs from "node:fs"')).message).toContain('SyntaxError')
  })

  test('prototypes of what it returns stay its own', async () => {
    const { output } = await run('return JSON.parse(\'{"__proto__":{"polluted":true},"a":1}\')')
    expect(output['a']).toBe(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    await run('Object.prototype.polluted = 1; ({}).__proto__.polluted = 1; return {}')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('it cannot forge its result through the language that it changed', async () => {
    const { output } = await run(
      'JSON.stringify = () => "{}"; Promise.prototype.then = () => {}; Object.prototype.toJSON = () => 5; return { a: 1 }',
    ).catch(() => ({ output: {} }))
    expect([{}, { a: 1 }]).toContainEqual(output)
  })
})

describe('nothing is used up', () => {
  const slow = 'it takes longer than 250 ms'
  test.each([
    ['an endless loop', 'while (true) {}', slow],
    ['an endless loop behind finally', 'while (true) { try { while (true) {} } finally { continue } }', slow],
    ['an endless chain of promises', 'const f = () => Promise.resolve().then(f); await f()', slow],
    ['an endless loop in a getter of the result', 'return { get a() { while (true) {} } }', slow],
    ['a loop inside of one native call', 'return { a: (new Array(1e9) + "").length }', slow],
    ['a pattern that explodes', 'return { a: /^(a|a)+$/.test("a".repeat(60) + "!") }', slow],
    ['a promise that never settles', 'await new Promise(() => {})', 'a promise that never settles'],
    ['recursion without end', '(function f() { return f() + 1 })()', 'stack overflow'],
    ['brackets without end', 'return eval("(".repeat(200000))', ''],
    ['JSON without end', 'return JSON.parse("[".repeat(200000))', ''],
    ['a huge text', 'return { a: "x".repeat(2 ** 29) }', ''],
    ['memory without end', 'const all = []; for (;;) all.push(new Uint8Array(1e6))', ''],
    ['small pieces without end', 'let all = {}; for (;;) all = { all }', ''],
    ['a huge result', 'return { a: "x".repeat(20000) }', 'at most 16000 are kept'],
    ['a deep result', 'let a = {}; for (let i = 0; i < 1000; i++) a = { a }; return a', ''],
    ['what cannot be stored', 'return { a: "\\u0000" }', 'NUL'],
    ['half a character', 'return { a: "\\ud800" }', 'surrogate'],
  ])('%s', async (_name, code, reason) => {
    expect((await refusal(code)).message).toContain(reason)
    // The next one is served.
    expect(await found('1 + 1')).toBe(2)
  })

  test('many at once share few threads, and each gets its own answer', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => found(`${at} * 2`)))
    expect(answers).toEqual(Array.from({ length: 40 }, (_, at) => at * 2))
  })
})

describe('the pool', () => {
  test('is closed for good, and whoever waits is told', async () => {
    const mine = createScriptPool(1)
    const job = { code: 'return {}', input: JSON.stringify(input) }
    const running = mine.run({ ...job, code: 'while (true) {}' })
    const waiting = mine.run(job)
    const outcomes = Promise.allSettled([running, waiting])
    await mine.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
    }
    await expect(mine.run(job)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('refuses what would wait too long', async () => {
    const mine = createScriptPool(1)
    const job = { code: 'return {}', input: JSON.stringify(input) }
    const all = Promise.allSettled(Array.from({ length: 502 }, () => mine.run(job)))
    await mine.close()
    const reasons = (await all).map((each) => (each as { reason?: AppError }).reason?.code)
    expect(reasons.filter((code) => code === 'rate_limited')).toHaveLength(2)
  })
})
