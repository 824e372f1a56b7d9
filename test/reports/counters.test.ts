import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { JourneyFact } from '../../workflows/cards/journey-state.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { endRun } from '../../src/journeys/end-run.ts'
import { moveRun } from '../../src/journeys/move-run.ts'
import { saveProgress, type RunProgress } from '../../src/journeys/save-progress.ts'
import { startRun } from '../../src/journeys/start-run.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { loadTally } from '../../src/reports/load-counts.ts'
import { rebuildReports } from '../../src/reports/rebuild-reports.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let rig: WorkspaceApi
let numberId: string
let contactId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([])
  numberId = await rig.addNumber()
  contactId = newId()
  await rig.rows('insert into contacts (id, workspace_id) values ($1, $2)', [contactId, rig.ours.workspaceId])
})
afterAll(() => rig.close())

const goal = { event: 'paid', within: { amount: 2, unit: 'days' } }
const cardIds = ['ask', 'split', 'offer']

/** A journey with two versions. */
async function makeJourney(): Promise<{ journeyId: string; versions: string[] }> {
  const [journeyId, ...versions] = [newId(), newId(), newId()]
  const { workspaceId } = rig.ours
  await rig.rows(
    `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'J', '{}')`,
    [...[journeyId, workspaceId, numberId]],
  )
  for (const [at, id] of versions.entries())
    await rig.rows(
      'insert into journey_versions (id, workspace_id, journey_id, number, definition) values ($1, $2, $3, $4, $5)',
      [id, workspaceId, journeyId, at + 1, { start: 'ask', cards: {}, goal }],
    )
  return { journeyId, versions }
}

const inTransaction = <T>(work: Parameters<ReturnType<typeof forkFor>['transactional']>[0]) =>
  forkFor(rig.deps.orm, rig.ours.workspaceId).transactional(work) as Promise<T>

/** One run, as the interpreter and the activities would write it down. */
async function openRun(journeyId: string, versionId: string, restarts?: { lineageId: string }) {
  const { workspaceId } = rig.ours
  const journey = {
    ...{ id: journeyId, name: 'J', numberId, versionId, startCard: 'ask' },
    entry: { reentry: 'always' as const },
  }
  const resume = restarts && { ...restarts, cardId: 'ask', epoch: 1, visits: {} }
  const input = {
    workspaceId,
    journey,
    contactId,
    entry: newId(),
    causeId: newId(),
    ...(resume && { resume }),
  }
  const result = await inTransaction<Awaited<ReturnType<typeof startRun>>>((em) => startRun(em, input))
  if (!result.started) throw new Error(result.reason)
  const { runId } = result
  const lineageId = restarts?.lineageId ?? runId
  const conversationId = undefined as unknown as string
  const run = { workspaceId, runId, lineageId, journeyId, contactId, conversationId, numberId }
  let atMs = Date.now()
  let facts: JourneyFact[] = []
  let inside: string | undefined
  const tell = (kind: JourneyFact['kind'], data: JourneyFact['data'], spentMs?: number) =>
    facts.push({
      id: newId(),
      atMs: (atMs += 7),
      kind,
      causeId: '',
      data,
      ...(spentMs !== undefined && { spentMs }),
    })
  const take = (): Omit<RunProgress, 'state'> => {
    const progress = { run, facts, cardId: inside ?? null }
    facts = []
    return progress
  }
  return {
    ...{ runId, lineageId },
    enter: (card: string) => (tell('card.entered', { card }), (inside = card)),
    fail: () => inside !== undefined && tell('card.failed', { card: inside, code: '131047' }),
    leave(outlet: string, spentMs: number) {
      if (inside === undefined) return
      tell('card.left', { card: inside, outlet }, spentMs)
      inside = undefined
    },
    async save(again: boolean) {
      const progress = { ...take(), state: 'waiting' as const }
      await inTransaction((em) => saveProgress(em, progress))
      // A worker that died tells the same facts again; its clock has gone on.
      const later = progress.facts.map((fact) => ({ ...fact, atMs: fact.atMs + 90_000 }))
      if (again) await inTransaction((em) => saveProgress(em, { ...progress, facts: later }))
    },
    end: (state: 'completed' | 'exited' | 'cancelled', goalReached: boolean) =>
      endRun(rig.deps, { progress: { ...take(), state }, outcome: state, goalReached, vars: {} }),
    /** As a STOP does, which does not ask the workflow: its last steps are told after that. */
    stop: () =>
      rig.rows(
        `update runs set state = 'exited', ended_at = now(), outcome = 'opted out'
         where id = $1 and ended_at is null`,
        [runId],
      ),
    move: (to: string) =>
      moveRun(rig.deps, {
        ...take(),
        ...{ state: 'running', versionId: to, sinceMs: Date.now(), keepsWaits: false },
      }),
    reach: () =>
      rig.rows(
        'update runs set goal_reached = true, goal_at = now() where id = $1 and goal_at is null and goal_event is not null',
        [runId],
      ),
  }
}

const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('enter' as const), card: fc.constantFrom(...cardIds) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('leave' as const),
      outlet: fc.constantFrom('next', 'path:a', 'path:b', 'moved', 'button:yes|no'),
      spentMs: fc.integer({ min: 0, max: 10 ** 9 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('save' as const), again: fc.boolean() }) },
  fc.record({ do: fc.constantFrom('fail' as const, 'move' as const, 'reach' as const, 'stop' as const) }),
  fc.record({
    do: fc.constant('end' as const),
    state: fc.constantFrom('completed' as const, 'exited' as const, 'cancelled' as const),
    goal: fc.boolean(),
  }),
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

/** Plays one run, and when it has ended and is to, its restart. */
async function play(journeyId: string, versions: string[], [acts, restarted]: [Act[], Act[] | undefined]) {
  const first = await openRun(journeyId, versions[0] ?? '')
  await playActs(first, versions, acts)
  if (!restarted) return
  await first.end('exited', false)
  await playActs(await openRun(journeyId, versions[1] ?? '', first), versions, restarted)
}

async function playActs(run: Awaited<ReturnType<typeof openRun>>, versions: string[], acts: Act[]) {
  let version = 0
  for (const each of acts) {
    if (each.do === 'enter') run.enter(each.card)
    if (each.do === 'leave') run.leave(each.outlet, each.spentMs)
    if (each.do === 'save') await run.save(each.again)
    if (each.do === 'fail') run.fail()
    if (each.do === 'reach') await run.reach()
    if (each.do === 'stop') await run.stop()
    if (each.do === 'move') await run.move(versions[(version = 1 - version)] ?? '')
    if (each.do === 'end') await run.end(each.state, each.goal)
  }
  await run.save(false)
}

const countsOf = (journeyId: string) =>
  rig.rows(
    `select day::text, version_id, metric, card_id, detail, sum(n)::int as n from journey_counts where journey_id = $1
     group by 1, 2, 3, 4, 5 having sum(n) <> 0 order by 1, 2, 3, 4, 5`,
    [journeyId],
  )

const countedOf = async (journeyId: string, metrics: string) =>
  (await countsOf(journeyId))
    .filter(({ day, metric }) => day === '-infinity' && String(metric).startsWith(metrics))
    .map(({ metric, card_id, detail, n }) => `${metric} ${card_id} ${detail} ${n}`)

const seed = randomInt(2 ** 31)

test(`whatever becomes of runs, the sums are right, and counting anew agrees (fast-check seed ${seed})`, async () => {
  const runs = fc.tuple(
    fc.array(act, { maxLength: 25 }),
    fc.option(fc.array(act, { maxLength: 10 }), { nil: undefined }),
  )
  const samples = fc.sample(fc.array(runs, { minLength: 8, maxLength: 8 }), { numRuns: 8, seed })
  for (const journey of samples) {
    const { journeyId, versions } = await makeJourney()
    await Promise.all([...journey.map((each) => play(journeyId, versions, each)), foldDeltas(rig.deps)])
    await holds(journeyId, versions)
    await countsLineagesOnce(journeyId)
    const before = await countsOf(journeyId)
    await foldDeltas(rig.deps)
    expect(await countsOf(journeyId)).toEqual(before)
    await rebuildReports(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
    expect(await countsOf(journeyId)).toEqual(before)
  }
}, 120_000)

test('a run that is restarted is no trial more, and its success is that of the path that it took', async () => {
  const { journeyId, versions } = await makeJourney()
  const [versionId = ''] = versions
  const takes = async (run: Awaited<ReturnType<typeof openRun>>, card: string, path: string) => {
    run.enter(card)
    run.leave(`path:${path}`, 5)
    await run.save(false)
  }
  const first = await openRun(journeyId, versionId)
  await takes(first, 'split', 'a')
  await first.end('exited', false)
  const second = await openRun(journeyId, versionId, first)
  await takes(second, 'split', 'a')
  await takes(second, 'ask', 'b')
  await second.end('completed', false)
  const third = await openRun(journeyId, versionId, first)
  await takes(third, 'split', 'a')
  await first.reach()
  await takes(third, 'offer', 'a')
  await third.end('completed', false)
  const expected = [
    ...['path ask b 1', 'path offer a 1', 'path split a 1'],
    ...['path-completed ask b 1', 'path-completed offer a 1', 'path-completed split a 1'],
    // The goal was reached before the offer.
    ...['path-goal ask b 1', 'path-goal split a 1'],
  ]
  expect(await countedOf(journeyId, 'path')).toEqual(expected)
  await rebuildReports(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
  expect(await countedOf(journeyId, 'path')).toEqual(expected)
})

test('reasons in people’s own words are one counter', async () => {
  const { journeyId, versions } = await makeJourney()
  const outcomes = ['opted out', 'Ann asked for it', 'Bob asked for it', 'restarted from card ask']
  for (const outcome of outcomes) {
    const run = await openRun(journeyId, versions[0] ?? '')
    await rig.rows(`update runs set state = 'exited', outcome = $2, ended_at = now() where id = $1`, [
      run.runId,
      outcome,
    ])
  }
  const expected = ['ended exited opted out 1', 'ended exited other 2', 'ended exited restarted 1']
  expect(await countedOf(journeyId, 'ended')).toEqual(expected)
  await rebuildReports(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
  expect(await countedOf(journeyId, 'ended')).toEqual(expected)
})

/** Of each experiment every lineage is one trial, and no path has more successes than trials. */
async function countsLineagesOnce(journeyId: string): Promise<void> {
  const tally = await loadTally(rig.deps, { workspaceId: rig.ours.workspaceId, journeyId })
  for (const card of cardIds) {
    const [{ lineages }] = (await rig.rows(
      'select count(distinct lineage_id)::int as lineages from runs where journey_id = $1 and paths ? $2',
      [journeyId, card],
    )) as [{ lineages: number }]
    expect({ card, trials: tally.total('path', card) }).toEqual({ card, trials: lineages })
    for (const metric of ['path-completed', 'path-goal'])
      for (const { detail, n } of tally.byDetail(metric, card))
        expect(n).toBeLessThanOrEqual(
          tally.byDetail('path', card).find((each) => each.detail === detail)?.n ?? 0,
        )
  }
}

/** Entered is inside or ended; whoever came to a card left it, went away from it, ended there or stands there. */
async function holds(journeyId: string, versions: string[]): Promise<void> {
  const { workspaceId } = rig.ours
  const all = await loadTally(rig.deps, { workspaceId, journeyId })
  for (const versionId of versions) {
    const tally = all.ofVersion(versionId)
    const [{ inside, ended }] = (await rig.rows<{ inside: number; ended: number }>(
      `select count(*) filter (where ended_at is null)::int as inside, count(ended_at)::int as ended from runs
       where version_id = $1`,
      [versionId],
    )) as [{ inside: number; ended: number }]
    const entered = tally.total('entered') + tally.total('restarted') + tally.total('moved-in')
    expect({
      ended: tally.total('ended'),
      inside: entered - tally.total('ended') - tally.total('moved-out'),
    }).toEqual({
      ended,
      inside,
    })
    for (const card of cardIds) {
      const [{ waiting }] = (await rig.rows(
        'select count(*)::int as waiting from runs where version_id = $1 and at_card = $2 and ended_at is null',
        [versionId, card],
      )) as [{ waiting: number }]
      const came = tally.total('card-entered', card) + tally.total('card-came', card)
      const went =
        tally.total('card-left', card) + tally.total('card-moved', card) + tally.total('ended-at', card)
      expect({ versionId, card, waiting: came - went }).toEqual({ versionId, card, waiting })
    }
  }
}
