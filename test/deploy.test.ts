import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { configSchema, loadConfig } from '../src/config.ts'
import { dynamicConfig } from '../src/start/temporal-server.ts'

interface Service {
  image: string
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
  volumes?: string[]
  networks?: string[]
  ports?: string[]
  restart?: string
  container_name?: string
  build?: string
}

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const composeText = read('docker-compose.yml')
const compose = parse(composeText, { merge: true })
const services = Object.entries<Service>(compose.services)
const ours = services.filter(([, { image }]) => image.startsWith('dripline:'))
const dockerfile = readDockerfile(read('Dockerfile'))
const packageJson = JSON.parse(read('package.json'))

describe('docker-compose.yml', () => {
  test.each(services)('%s runs a pinned image', (_, service) => {
    expect(service.image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?$/)
  })

  test('our own image is built here, under the version of package.json', () => {
    expect(ours.map(([name]) => name)).toEqual(['api', 'worker', 'migrate'])
    for (const [, { image, build }] of ours) {
      expect([image, build]).toEqual([`dripline:${packageJson.version}`, '.'])
    }
  })

  test.each(ours)(
    '%s gets variables that the configuration knows, with values that it takes',
    (_, service) => {
      const environment = { ...dockerfile.environment, ...fillIn(service.environment) }
      const known = [...Object.keys(configSchema.shape), 'NODE_ENV']
      expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
      const config = loadConfig(environment)
      expect(config).toMatchObject({ PORT: 3000, TRUST_PROXY_HOPS: 1, SECURE_COOKIES: true })
      const places = [config.DATABASE_URL, `tcp://${config.TEMPORAL_ADDRESS}`].map(
        (url) => new URL(url as string),
      )
      expect(places.map(({ hostname, port }) => [hostname, port])).toEqual([
        ['postgres', '5432'],
        ['temporal', '7233'],
      ])
    },
  )

  test.each(services)('%s runs files that exist', (_, service) => {
    for (const [program, file] of commandsOf(service)) {
      if (program === 'node') expect(existsSync(root + file)).toBe(true)
      if (program === '/bin/sh') expect(mountsOf(service).map(({ target }) => target)).toContain(file)
    }
    if (service.image.startsWith('dripline:')) expect(commandsOf(service)).toHaveLength(1)
  })

  test('what runs in production is what the npm scripts run', async () => {
    const { commands } = await import(root + 'launch.mjs')
    for (const [name, { command }] of ours) {
      expect(command).toEqual(['node', commands[name].file])
      expect(packageJson.scripts[name]).toBe(`exec node launch.mjs ${name}`)
    }
  })

  test.each(services)('%s waits for services that can be what it waits for', (_, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const target = compose.services[name] as Service | undefined
      if (!target) throw new Error(`there is no service ${name}`)
      if (condition === 'service_completed_successfully') expect(target.restart).toMatch(/^on-failure/)
      else expect([name, condition, hasHealthcheck(target)]).toEqual([name, 'service_healthy', true])
    }
  })

  test.each(services)('%s says how it is, or is a one-shot', (_, service) => {
    expect(hasHealthcheck(service) || service.restart?.startsWith('on-failure')).toBe(true)
  })

  test('volumes, networks and mounted files exist, and none is left over', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service))
    const named = mounts.filter(({ source }) => !source.startsWith('.')).map(({ source }) => source)
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)))
    for (const { source } of mounts) if (source.startsWith('.')) expect(existsSync(root + source)).toBe(true)
    const networks = services.flatMap(([, service]) => service.networks)
    expect(new Set(networks)).toEqual(new Set(Object.keys(compose.networks)))
  })

  test('api and worker scale: nothing of theirs can be there only once', () => {
    for (const name of ['api', 'worker']) {
      const { ports, container_name } = compose.services[name] as Service
      expect({ ports, container_name }).toEqual({ ports: undefined, container_name: undefined })
    }
  })

  test('only the proxy is open to the world', () => {
    const open = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))
    expect(open).toEqual(['proxy 80:80', 'proxy 443:443', 'proxy 443:443/udp', 'proxy 8443:8443'])
    expect(compose.networks.backend).toEqual({ internal: true })
  })

  test('health checks ask the ports that the services listen on', () => {
    const check = (name: string) => (compose.services[name] as Service).healthcheck?.test?.join(' ') ?? ''
    const variable = (name: string, key: string) => (compose.services[name] as Service).environment?.[key]
    expect(check('worker')).toContain(`127.0.0.1:${variable('worker', 'WORKER_METRICS_PORT')}/metrics`)
    expect(check('temporal-ui')).toContain(`127.0.0.1:${variable('temporal-ui', 'TEMPORAL_UI_PORT')}/`)
    expect(check('temporal')).toContain('7233')
    expect(dockerfile.healthcheck).toContain('${process.env.PORT}/healthz')
  })

  test('.env.example names every variable that is asked for, and no other', () => {
    const asked = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    const offered = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name)
    expect(new Set(asked)).toEqual(new Set(offered))
  })

  test('secrets have no default', () => {
    expect(composeText).not.toMatch(/\$\{\w*(PASSWORD|KEY|HASH)\w*:-/)
  })
})

describe('the proxy', () => {
  const caddyfile = read('deploy/Caddyfile')

  test('leads to the API, on its port', () => {
    const [, service, port] = caddyfile.match(/dynamic a \{\s+name (\S+)\s+port (\d+)/) ?? []
    expect((compose.services[service as string] as Service).environment?.PORT).toBe(port)
    const proxy = compose.services.proxy as Service
    expect(proxy.networks?.some((network) => compose.services.api.networks.includes(network))).toBe(true)
  })

  test('leads to Temporal’s UI where the API expects it, and asks for a password', () => {
    const [, port, block = ''] = caddyfile.match(/^\{\$DOMAIN\}:(\d+) \{\n([\s\S]*?)^\}/m) ?? []
    const ui = compose.services['temporal-ui'] as Service
    expect(block).toContain(`reverse_proxy temporal-ui:${ui.environment?.TEMPORAL_UI_PORT}`)
    expect(block).toContain('basic_auth')
    expect(compose.services.api.environment.TEMPORAL_UI_URL).toMatch(new RegExp(`:${port}$`))
    expect(compose.services.proxy.ports).toContain(`${port}:${port}`)
    expect(ui.networks).toContain('edge')
  })

  test('is told the variables that it names', () => {
    const named = [...caddyfile.matchAll(/\{\$(\w+)/g)].map(([, name]) => name)
    expect(Object.keys(compose.services.proxy.environment)).toEqual(expect.arrayContaining(named))
  })
})

describe('Dockerfile', () => {
  test('every base image is the Node that the product runs on', () => {
    const images = dockerfile.steps.filter(([word]) => word === 'FROM').map(([, rest]) => rest.split(' ')[0])
    expect(new Set(images)).toEqual(new Set([`node:${packageJson.dependencies.node}-bookworm-slim`]))
  })

  test('copies what exists, what git keeps and what .dockerignore lets in', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
    const letIn = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path as string)
    expect(new Set(dockerfile.sources)).toEqual(new Set(letIn))
    for (const source of dockerfile.sources) {
      expect(tracked.some((path) => path === source || path.startsWith(`${source}/`))).toBe(true)
    }
  })

  test('copies whatever the copied code imports or reads beside itself', () => {
    const copied = dockerfile.sources
    const sources = copied.flatMap((place) => listFiles(root + place)).filter((path) => /\.m?ts$/.test(path))
    const outside = sources.flatMap((path) => {
      const places = [...readFileSync(path, 'utf8').matchAll(/['"`](\.\.?\/[^'"`$]*)['"`]/g)]
      return places
        .map(([, place = '']) => relative(root, resolve(dirname(path), place)))
        .filter((place) => place && existsSync(root + place) && !copied.includes(place.split(sep)[0] ?? ''))
        .map((place) => `${relative(root, path)} needs ${place}`)
    })
    expect(outside).toEqual([])
  })

  test('builds the workflow bundle where the workers look for it', () => {
    const [, script, target] = read('Dockerfile').match(/RUN node (\S+) (\S+)/) ?? []
    expect(existsSync(root + script)).toBe(true)
    expect(target).toBe(dockerfile.environment.WORKFLOW_BUNDLE_PATH)
  })

  test('builds the web app, and takes nothing of its build but the files', () => {
    const text = read('Dockerfile')
    const [, script] = text.match(/RUN \["node", "(\S+)"\]/) ?? []
    expect(script).toBe('src/build-web.ts')
    expect(existsSync(root + script)).toBe(true)
    expect(text.match(/^COPY --from=web .*$/gm)).toEqual(['COPY --from=web /app/web/dist ./web/dist'])
    expect(read('.dockerignore').split('\n')).toContain('web/dist')
  })

  test('runs the API, not as root, on the port that it exposes', () => {
    const last = (word: string) => dockerfile.steps.findLast(([name]) => name === word)?.[1]
    expect(last('USER')).toBe('node')
    expect(last('EXPOSE')).toBe(dockerfile.environment.PORT)
    expect(JSON.parse(last('CMD') ?? '')).toEqual(['node', 'src/server.ts'])
  })
})

describe('Temporal in production', () => {
  test('has the dynamic configuration of `npm start`', () => {
    const values = parse(read('deploy/temporal-dynamic-config.yaml')) as Record<string, [{ value: number }]>
    const plain = Object.fromEntries(Object.entries(values).map(([key, [{ value }]]) => [key, value]))
    expect(plain).toEqual(dynamicConfig)
  })

  test('is set up by the tools of its own version, by scripts that parse', () => {
    const versionOf = (name: string) => compose.services[name].image.split(':')[1]
    expect(versionOf('temporal-schema')).toBe(versionOf('temporal'))
    expect(versionOf('temporal-namespace')).toBe(versionOf('temporal'))
    for (const { source } of services.flatMap(([, service]) => mountsOf(service))) {
      if (source.endsWith('.sh')) execFileSync('sh', ['-n', root + source])
    }
  })
})

/** Compose's `${NAME}`, `${NAME:?hint}` and `${NAME:-default}`, filled in as a user would. */
function fillIn(environment: Record<string, string> = {}): Record<string, string> {
  const values: Record<string, string> = {
    DOMAIN: 'drip.example.com',
    MASTER_KEY: 'ab'.repeat(32),
    POSTGRES_PASSWORD: 'cd'.repeat(24),
  }
  const fill = (value: string) =>
    value.replace(/\$\{(\w+)(?::-([^}]*)|[^}]*)\}/g, (_, name, fallback) => values[name] ?? fallback ?? '')
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]))
}

function commandsOf({ entrypoint, command = [] }: Service): [string, string][] {
  const words = [...(entrypoint ?? []), ...command]
  return words[0] && words[1] ? [[words[0], words[1]]] : []
}

function mountsOf({ volumes = [] }: Service): { source: string; target: string }[] {
  return volumes.map((volume) => {
    const [source = '', target = ''] = volume.split(':')
    return { source, target }
  })
}

function hasHealthcheck({ image, healthcheck }: Service): boolean {
  if (healthcheck?.disable) return false
  return Boolean(healthcheck?.test) || image.startsWith('dripline:')
}

interface Dockerfile {
  steps: [word: string, rest: string][]
  /** What is copied from the checkout. */
  sources: string[]
  environment: Record<string, string>
  healthcheck: string
}

function readDockerfile(text: string): Dockerfile {
  const joined = text.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, ' ')
  const steps = joined
    .split('\n')
    .filter((line) => line.trim())
    .map((line): [string, string] => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)])
  const variables = steps.filter(([word]) => word === 'ENV').flatMap(([, rest]) => rest.split(/\s+/))
  const copies = steps.filter(([word, rest]) => word === 'COPY' && !rest.startsWith('--from'))
  return {
    steps,
    sources: copies.flatMap(([, rest]) => rest.split(' ').slice(0, -1)),
    environment: Object.fromEntries(variables.map((pair) => pair.split('=', 2))),
    healthcheck: steps.find(([word]) => word === 'HEALTHCHECK')?.[1] ?? '',
  }
}

function listFiles(place: string): string[] {
  if (statSync(place).isFile()) return [place]
  const entries = readdirSync(place, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
