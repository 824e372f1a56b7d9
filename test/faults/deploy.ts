import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { journeyOf, openBulkRig, say, type BulkRig } from '../bulk/bulk-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'
import { onExit } from '../support/on-exit.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const changedFile = 'workflows/journey-waits.ts'
const place = `      begin('sleeping', untilMs)\n`
const patchId = 'test-breathes-before-sleep'

/**
 * Workflow code changes while runs sleep: one more timer before each sleep. Behind `patched` it is harmless; without it
 * the runs stay where they are, and go on when the mended code is deployed.
 */
export async function deployOverSleepers(scale: {
  runs: number
  sleepSeconds: number
  isCarelessFirst: boolean
  timeoutMs: number
}): Promise<void> {
  const { runs, timeoutMs } = scale
  const rig = await openBulkRig()
  const duration = { amount: scale.sleepSeconds, unit: 'seconds' }
  const { journeyId } = await rig.publish(
    journeyOf({
      first: say('good night', { next: 'wait' }),
      wait: {
        type: 'time-delay',
        settings: { delay: { mode: 'duration', duration } },
        next: { done: 'last' },
      },
      last: say('good morning'),
    }),
  )
  const [old, careful] = [await rig.workerProcess(), await bundleChanged('if (patched(id)) await sleep(1)')]
  await rig.startAll(journeyId, await rig.crowd(runs))
  await rig.allAre(journeyId, { waiting: runs }, timeoutMs)
  await old.stop()
  if (scale.isCarelessFirst) await deployCareless(rig, journeyId, runs)
  const worker = await rig.workerProcess({ WORKFLOW_BUNDLE_PATH: careful })
  await rig.allAre(journeyId, { completed: runs }, timeoutMs)
  const sleepers = await readHistories(rig, journeyId)
  expect(sleepers.filter(({ isPatched }) => isPatched)).toEqual([])
  if (!scale.isCarelessFirst) expect(sleepers.filter(({ failures }) => failures > 0)).toEqual([])
  await expectEachOnce(rig, journeyId, runs)
  // Who comes now takes the new way.
  const { journeyId: later } = await rig.publish(journeyOf({ wait: shortSleep, last: say('hello') }))
  await rig.startAll(later, await rig.crowd(3))
  await rig.allAre(later, { completed: 3 })
  expect(await readHistories(rig, later)).toEqual(Array(3).fill({ isPatched: true, failures: 0 }))
  await worker.stop()
}

const shortSleep = {
  type: 'time-delay',
  settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'seconds' } } },
  next: { done: 'last' },
}

/** The same change unguarded: each run that wakes up refuses it, and waits for code that fits. */
async function deployCareless(rig: BulkRig, journeyId: string, runs: number): Promise<void> {
  const careless = await bundleChanged('await sleep(1)')
  const worker = await rig.workerProcess({ WORKFLOW_BUNDLE_PATH: careless })
  await eventually(
    async () => {
      const histories = await readHistories(rig, journeyId)
      expect(histories.filter(({ failures }) => failures > 0)).toHaveLength(runs)
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  )
  await rig.allAre(journeyId, { waiting: runs })
  await worker.kill()
}

/** Today's workflow code with one line more. Returns the bundle's path. */
async function bundleChanged(line: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dripline-test-deploy-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  atFileEnd(remove)
  onExit(remove)
  for (const part of ['workflows', 'src', 'activities', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const path = join(folder, changedFile)
  const code = readFileSync(path, 'utf8')
  expect(code.split(place)).toHaveLength(2)
  const changed = code.replace(place, `${place}      ${line.replace('id', `'${patchId}'`)}\n`)
  writeFileSync(path, `import { sleep } from '@temporalio/workflow'\n${changed}`)
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(folder, 'workflows/index.ts'),
    preloadModules: [join(folder, 'workflows/preloaded.ts')],
    logger: new DefaultLogger('ERROR'),
  })
  const bundlePath = join(folder, 'workflow-bundle.js')
  writeFileSync(bundlePath, bundle.code)
  return bundlePath
}

/** Of each run: whether it took the patched way, and how often the code did not fit its history. */
async function readHistories(
  rig: BulkRig,
  journeyId: string,
): Promise<{ isPatched: boolean; failures: number }[]> {
  const rows = await rig.rows<{ workflow_id: string }>('select workflow_id from runs where journey_id = $1', [
    journeyId,
  ])
  return Promise.all(
    rows.map(async ({ workflow_id: workflowId }) => {
      const { events } = await rig.deps.temporal.workflow.getHandle(workflowId).fetchHistory()
      const all = events ?? []
      const patches = all.map(({ markerRecordedEventAttributes: marker }) =>
        Buffer.from(marker?.details?.['patch-data']?.payloads?.[0]?.data ?? '').toString(),
      )
      return {
        isPatched: patches.some((patch) => patch.includes(patchId)),
        failures: all.filter((event) => event.workflowTaskFailedEventAttributes).length,
      }
    }),
  )
}

async function expectEachOnce(rig: BulkRig, journeyId: string, people: number): Promise<void> {
  const sent = await rig.rows(
    `select m.text, count(*)::int as n, count(distinct m.contact_id)::int as people from messages m
     join runs r on r.id = m.run_id where r.journey_id = $1 and m.state = 'accepted' group by m.text order by m.text`,
    [journeyId],
  )
  expect(sent).toEqual(['good morning', 'good night'].map((text) => ({ text, n: people, people })))
  expect(await rig.accepted()).toBe(2 * people)
}
