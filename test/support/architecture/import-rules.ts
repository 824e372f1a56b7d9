import type { Rule } from './rule.ts'
import type { Import, SourceFile } from './source-file.ts'

type Allowed = (target: string, from: string) => boolean
interface Room {
  name: string
  holds: RegExp
  /** What its files may import; section 4 of the design, row by row. */
  may: Allowed[]
  /** What they may import as types only. */
  mayType?: Allowed[]
}

const at =
  (pattern: RegExp): Allowed =>
  (target) =>
    pattern.test(target)
const npm = (...names: string[]): Allowed => {
  return (target) => names.some((name) => target === `npm:${name}` || target.startsWith(`npm:${name}/`))
}
const builtins = at(/^node:/)
const packagesBut = (...names: string[]): Allowed => {
  return (target, from) => target.startsWith('npm:') && !npm(...names)(target, from)
}
/** The first two segments of the path: `src/journeys`, `integrations/shopify`. */
const ownFolder: Allowed = (target, from) => target.startsWith(`${from.split('/').slice(0, 2).join('/')}/`)
const anything: Allowed = () => true

const model = at(/^src\/model\//)
const plumbing = at(/^src\/(kit|db|temporal)\/|^src\/(config|deps)\.ts$/)
const notFeatures = 'model|kit|db|temporal|start|inbound|public-api'
const feature = new RegExp(`^src/(?!(${notFeatures})/)[^/]+/`)
const featureFunctions: Allowed = (target) => feature.test(target) && !/\/(routes|entities)\.ts$/.test(target)
const featureModules: Allowed = (target) => feature.test(target) && !target.endsWith('/routes.ts')
const entities = at(/^src\/[^/]+\/entities\.ts$/)
const contractFile = /^workflows\/contract\.ts$/
const contract = at(contractFile)
const cards = at(/^workflows\/cards\//)
const routesMayUseExpress: Allowed = (target, from) =>
  from.endsWith('/routes.ts') && npm('express')(target, from)
const insideWorkflowSdk = ['@temporalio/workflow', '@temporalio/activity', '@temporalio/worker']
const integrationPackages = packagesBut('@temporalio', '@mikro-orm', 'express')
const processes =
  /^src\/(server|worker|start|sandbox|migrate|seed|replay|bundle-workflows|build-web|create-workspace|verify-certificate|compose)\.ts$|^src\/start\//

/** The first room that holds a file is the file's. */
const rooms: Room[] = [
  // Time zones are arithmetic that Node 24 lacks; the rule on purity forbids the polyfill's clock. Liquid and CEL compute
  // what texts and formulas say: without their own tags, filters and functions, nothing in them reads a clock or a file.
  {
    name: 'src/model',
    holds: /^src\/model\//,
    may: [model, npm('zod', 'temporal-polyfill', 'liquidjs', '@marcbachmann/cel-js')],
  },
  { name: 'a process', holds: processes, may: [anything] },
  { name: 'src/config', holds: /^src\/config\.ts$/, may: [npm('zod')] },
  { name: 'src/deps', holds: /^src\/deps\.ts$/, may: [model, plumbing], mayType: [anything] },
  {
    name: 'src/kit',
    holds: /^src\/kit\//,
    may: [model, plumbing, builtins, packagesBut(...insideWorkflowSdk)],
  },
  {
    name: 'src/db',
    holds: /^src\/db\//,
    may: [model, plumbing, entities, builtins, packagesBut('@temporalio', 'express')],
  },
  {
    // The connection, the payload codec and its keys.
    name: 'src/temporal',
    holds: /^src\/temporal\//,
    may: [model, plumbing, entities, contract, builtins, packagesBut('@temporalio/workflow', 'express')],
  },
  {
    name: 'src/inbound and src/public-api',
    holds: /^src\/(inbound|public-api)\//,
    may: [
      ownFolder,
      featureFunctions,
      at(/^src\/kit\/|^src\/(config|deps)\.ts$/),
      model,
      at(/^integrations\/[^/]+\//),
      builtins,
      packagesBut('@temporalio', '@mikro-orm', 'pg'),
    ],
  },
  {
    name: 'a feature of src',
    holds: feature,
    may: [
      model,
      plumbing,
      featureModules,
      ownFolder,
      at(/^integrations\//),
      contract,
      cards,
      builtins,
      routesMayUseExpress,
      packagesBut(...insideWorkflowSdk, 'express'),
    ],
  },
  {
    name: 'activities',
    holds: /^activities\//,
    may: [
      featureFunctions,
      plumbing,
      model,
      contract,
      at(/^activities\//),
      npm('@temporalio/activity', '@temporalio/common'),
    ],
    mayType: [entities, cards, npm('@temporalio/client')],
  },
  { name: 'workflows/cards', holds: /^workflows\/cards\//, may: [cards, model, npm('zod')] },
  {
    // Read on both sides: by workflows and by the features that start, signal and query them.
    name: 'workflows/contract',
    holds: contractFile,
    may: [at(/^workflows\//), model, npm('@temporalio/workflow', '@temporalio/common')],
  },
  {
    name: 'workflows',
    holds: /^workflows\//,
    may: [at(/^workflows\//), model, npm('@temporalio/workflow')],
    mayType: [at(/^activities\//), npm('@temporalio/common')],
  },
  { name: 'integrations/index', holds: /^integrations\/index\.ts$/, may: [at(/^integrations\//), model] },
  {
    name: 'integrations/kit',
    holds: /^integrations\/(kit|address-guard)\.ts$/,
    may: [model, at(/^integrations\/address-guard\.ts$/), builtins, integrationPackages],
  },
  {
    // The sandbox stands in for WhatsApp itself: it is a server.
    name: 'the sandbox',
    holds: /^integrations\/whatsapp\/sandbox\//,
    may: [ownFolder, at(/^integrations\/kit\.ts$/), model, builtins, npm('express'), integrationPackages],
  },
  {
    name: 'an integration',
    holds: /^integrations\/[^/]+\//,
    may: [ownFolder, at(/^integrations\/kit\.ts$/), model, builtins, integrationPackages],
  },
  {
    name: 'web',
    holds: /^web\//,
    may: [at(/^web\//), packagesBut('@temporalio', '@mikro-orm', 'express', 'pg')],
    mayType: [model],
  },
  { name: 'test and bench', holds: /^(test|bench)\//, may: [anything] },
]

export const importRule: Rule = {
  name: 'a file imports only what its room may',
  check: (files) =>
    files.flatMap((file) => {
      if (/\.config\.m?ts$/.test(file.path)) return []
      const room = rooms.find(({ holds }) => holds.test(file.path))
      if (!room) return [`${file.path} stands in no room: see import-rules.ts`]
      return file.imports
        .filter((import_) => !isAllowed(room, import_, file.path))
        .map(({ target, typeOnly, line }) => {
          return `${file.path}:${line} ${room.name} may not import ${target}${typeOnly ? ' even as a type' : ''}`
        })
    }),
}

function isAllowed(room: Room, { target, typeOnly }: Import, from: string): boolean {
  const allowed = typeOnly ? [...room.may, ...(room.mayType ?? [])] : room.may
  return allowed.some((allows) => allows(target, from))
}

/** Facades may read an integration's wire formats, which must not bring its HTTP along. */
export const pureParserRule: Rule = {
  name: 'src/inbound and src/public-api use only the pure parsers of integrations',
  check: (files) => {
    const byPath = new Map(files.map((file) => [file.path, file]))
    return files
      .filter(({ path }) => /^src\/(inbound|public-api)\//.test(path))
      .flatMap((file) =>
        file.imports
          .filter(({ target, typeOnly }) => !typeOnly && target.startsWith('integrations/'))
          .filter(({ target }) => loads(target, byPath).has('integrations/kit.ts'))
          .map(
            ({ target, line }) =>
              `${file.path}:${line} ${target} loads integrations/kit.ts, so it is no parser`,
          ),
      )
  },
}

/** Everything of the project that a file loads, itself included. */
function loads(path: string, byPath: Map<string, SourceFile>, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
    if (!typeOnly && !/^(npm|node):/.test(target)) loads(target, byPath, seen)
  }
  return seen
}

/** Undici's own fetch is what an Agent with a guard can be given to; nobody else opens connections by it. */
export const undiciRule: Rule = {
  name: 'undici only where HTTP leaves the house',
  check: (files) =>
    files
      .filter(({ path }) => /^(src|workflows|activities|integrations)\//.test(path))
      .filter(
        ({ path }) => !['integrations/kit.ts', 'integrations/whatsapp/sandbox/webhooks.ts'].includes(path),
      )
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target }) => npm('undici')(target, path))
          .map(({ line }) => `${path}:${line} HTTP leaves by kit.request() of integrations/kit.ts`),
      ),
}
