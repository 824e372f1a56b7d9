import type { Example } from './examples.ts'

const lines = (count: number, of = 'x()') => Array(count).fill(of).join('\n')
const state = 'modules that workflows load keep no mutable state'
const pure = 'src/model and the cards have no clock, randomness, timers or I/O'
const environment = 'the environment is read in src/config.ts only'
const naming = 'a file is named in kebab-case, for what it does'
const barrel = 'no barrels but the four registries'
const history = 'every workflow type has a history in test/histories'
const activity = 'an activity has at most 25 lines'

/** One file that breaks the rule once, and the same file keeping it. */
function inFile(rule: string, path: string, breaks: string, keeps: string, says: RegExp): Example {
  return { rule, breaks: { [path]: breaks }, keeps: { [path]: keeps }, says }
}

export const codeExamples: Example[] = [
  inFile(
    environment,
    'src/server.ts',
    'const a = process.env.PORT',
    'const a = config.PORT',
    /server\.ts:1 /,
  ),
  inFile(environment, 'src/server.ts', `const a = process['env']`, 'const a = process.pid', /process\.env/),
  inFile(
    environment,
    'src/server.ts',
    '\n\nconst { env } = process',
    'const { pid } = process',
    /server\.ts:3 /,
  ),
  inFile(
    environment,
    'src/server.ts',
    `import { env } from 'node:process'`,
    `import fs from 'node:fs'`,
    /env/,
  ),
  inFile(
    'fetch is called in integrations/kit.ts only',
    'src/kit/route.ts',
    `// größe\nawait fetch(url)`,
    'await cache.fetch(url)',
    /route\.ts:2 calls fetch/,
  ),
  inFile('nothing is cast to any', 'test/a.test.ts', 'const a = b as any', 'const a = b as unknown', /any/),
  inFile('nothing is cast to any', 'src/a/b.ts', 'f(b as unknown as any)', 'f(b as Any)', /any/),
  inFile(
    'exports have names',
    'src/a/b.ts',
    'export default function a() {}',
    'export function a() {}',
    /default/,
  ),
  inFile('exports have names', 'src/a/b.ts', 'export default 1', 'export const a = 1', /default/),
  inFile(
    'exports have names',
    'src/a/b.ts',
    'const a = 1\nexport { a as default }',
    'const a = 1\nexport { a }',
    /:2/,
  ),
  inFile(pure, 'src/model/a.ts', 'const a = () => Date.now()', 'const a = (now: Date) => now', /clock/),
  inFile(
    pure,
    'src/model/a.ts',
    'const a = () => new Date()',
    'const a = (ms: number) => new Date(ms)',
    /clock/,
  ),
  inFile(pure, 'src/model/a.ts', 'Temporal.Now.instant()', 'Temporal.Instant.from(now)', /clock/),
  inFile(pure, 'workflows/cards/rule/a.ts', 'const a = Math.random()', 'const a = Math.floor(1)', /random/),
  inFile(pure, 'workflows/cards/rule/a.ts', 'setTimeout(f, 1)', 'await ctx.sleep(1)', /setTimeout/),
  inFile(pure, 'src/model/a.ts', 'const a = crypto.randomUUID()', 'const a = ctx.random()', /crypto/),
  inFile(
    'src/inbound and src/public-api never touch the entity manager',
    'src/inbound/a.ts',
    'await deps.orm.em.fork()',
    'await receive(deps, items)',
    /uses em/,
  ),
  inFile(state, 'workflows/chat.ts', 'let seen = 0', 'const limit = 0', /top-level let/),
  inFile(
    state,
    'workflows/chat.ts',
    'export var seen = 0',
    'export function f() { let seen = 0 }',
    /top-level var/,
  ),
  inFile(
    state,
    'workflows/chat.ts',
    'export const seen = new Map<string, 1>()',
    'const seen = new Map(all)',
    /seen/,
  ),
  inFile(state, 'workflows/chat.ts', 'const seen: string[] = []', 'const f = () => []', /seen/),
  inFile(
    state,
    'workflows/chat.ts',
    'const a = [1]\nfunction f() { a.push(2) }',
    'const a = [1]\na.map(f)',
    /in a/,
  ),
  inFile(state, 'workflows/chat.ts', 'const a = { b: 1 }\na.b = 2', 'const a = { b: 1 }\nb = a.b', /in a/),
  inFile(state, 'src/model/a.ts', 'const a = { b: 1 }\ndelete a.b', 'const a = { b: 1 }\nf(a)', /in a/),
  inFile('a file has at most 300 lines', 'test/a.test.ts', lines(301), `${lines(300)}\n`, /301 lines/),
  inFile(
    'a function has at most 60 lines',
    'src/a/b.ts',
    `// ö\n\nconst f = () => {\n${lines(59)}\n}`,
    `function f() {\n${lines(58)}\n}`,
    /b\.ts:3 a function has 61 lines/,
  ),
  inFile(
    'a function has at most 60 lines',
    'bench/a.ts',
    `class A {\nb() {\n${lines(59)}\n}\n}`,
    `class A {\nb() {\n${lines(58)}\n}\n}`,
    /:2 .* 61 lines/,
  ),
  inFile(
    'a function has at most 60 lines',
    'web/app/contact/note.tsx',
    `export function Note() {\nreturn <p>\n${lines(59, '<br />')}\n</p>\n}`,
    `export function Note() {\nreturn <p>\n${lines(56, '<br />')}\n</p>\n}`,
    /note\.tsx:1 a function has 63 lines/,
  ),
  inFile(
    'a file has at most 300 lines',
    'web/app/note.tsx',
    lines(301, 'a(<br />)'),
    lines(300, 'a(<br />)'),
    /301 lines/,
  ),
  {
    rule: naming,
    breaks: { 'web/app/ContactPage.tsx': '' },
    says: /kebab/,
    keeps: { 'web/app/contact-page.tsx': '' },
  },
  inFile(
    activity,
    'activities/send.ts',
    `export const sending = (deps) => ({\nasync send() {\n${lines(24)}\n},\nasync b() {}\n})`,
    `export const sending = (deps) => ({\n${lines(2, `async a() {\n${lines(23)}\n},`).replace('a()', 'b()')}\n})`,
    /:2 an activity has 26 lines/,
  ),
  inFile(
    activity,
    'activities/send.ts',
    `export async function send() {\n${lines(24)}\n}`,
    `export function sending() {\n${lines(30, 'async function send() {}')}\nreturn { send }\n}`,
    /26 lines/,
  ),
  {
    rule: naming,
    breaks: { 'src/inbox/utils.ts': '' },
    says: /called utils/,
    keeps: { 'src/inbox/floor.ts': '' },
  },
  {
    rule: naming,
    breaks: { 'src/helpers/a.ts': '' },
    says: /called helpers/,
    keeps: { 'src/rules/a.ts': '' },
  },
  {
    rule: naming,
    breaks: { 'src/a/send-service.ts': '' },
    says: /service/,
    keeps: { 'src/a/event-types.ts': '' },
  },
  { rule: naming, breaks: { 'src/a/types.ts': '' }, says: /types/, keeps: { 'test/a-b.test.ts': '' } },
  {
    rule: naming,
    breaks: { 'src/a/sendMessage.ts': '' },
    says: /kebab/,
    keeps: { 'src/a/send-message.ts': '' },
  },
  inFile(
    barrel,
    'src/a/all.ts',
    `export * from './b.ts'`,
    `export * from './b.ts'\nexport const c = 1`,
    /barrel/,
  ),
  inFile(
    barrel,
    'src/a/all.ts',
    `import { b } from './b.ts'\nexport { b }`,
    `import { b } from './b.ts'\nb()`,
    /barrel/,
  ),
  {
    rule: 'every card is in workflows/cards/index.ts',
    breaks: { 'workflows/cards/rule/if.ts': '', 'workflows/cards/index.ts': '' },
    says: /if\.ts is not in/,
    keeps: {
      'workflows/cards/rule/if.ts': '',
      'workflows/cards/index.ts': `import { a } from './rule/if.ts'`,
    },
  },
  {
    rule: 'every integration is in integrations/index.ts',
    breaks: { 'integrations/slack/a.ts': '', 'integrations/slack/b.ts': '', 'integrations/index.ts': '' },
    says: /slack\/ is not in/,
    keeps: { 'integrations/slack/a.ts': '', 'integrations/index.ts': `import { a } from './slack/a.ts'` },
  },
  inFile(
    history,
    'workflows/index.ts',
    `export { chat } from './chat.ts'`,
    `export { recorded } from './recorded.ts'\nexport type { Chat } from './chat.ts'`,
    /exports chat/,
  ),
  {
    rule: history,
    breaks: {
      'workflows/index.ts': `export * from './chat.ts'`,
      'workflows/chat.ts': 'export async function chat() {}',
    },
    says: /exports chat/,
    keeps: {
      'workflows/index.ts': `export * from './chat.ts'`,
      'workflows/chat.ts': 'export const limit = 1\nexport async function recorded() {}',
    },
  },
]
