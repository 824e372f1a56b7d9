import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const figures = [
  'reply-latency',
  'journeys',
  'card-cost',
  'webhooks',
  'live',
  'start',
  'live-segments',
  'segments',
  'import',
  'contact-search',
  'simulation',
  'sleepers',
  'reports',
  'campaign',
  'inbox',
]

/** `npm run bench` measures every figure, one after the other; `npm run bench <name>...` only these. */
async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !figures.includes(name))
  if (unknown.length > 0) throw new Error(`no figure is called ${unknown.join(', ')}: ${figures.join(', ')}`)
  console.log(`Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()}).`)
  console.log(
    'Load, API, worker, sandbox, PostgreSQL and Temporal are processes of their own and share them.',
  )
  for (const name of names.length > 0 ? names : figures) {
    const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
    const child = spawn(process.execPath, [file], { stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    if (code !== 0) process.exitCode = 1
  }
}

await main(process.argv.slice(2))
