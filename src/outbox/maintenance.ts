import { refreshDueHealth } from '../autopilot/learn-health.ts'
import { sweepStops } from '../autopilot/sweep-stops.ts'
import { forgetItems } from '../bulk/forget-items.ts'
import { chooseWinners } from '../campaigns/choose-winner.ts'
import { followUpRuns } from '../campaigns/follow-ups/follow-up-runs.ts'
import { runContactBatches } from '../contacts/run-contact-batches.ts'
import { newId } from '../db/columns.ts'
import type { Deps } from '../deps.ts'
import { giveUpSends } from '../inbox/give-up-sends.ts'
import { closeLostRuns } from '../journeys/close-lost-runs.ts'
import { forgetEvents } from '../events/forget-events.ts'
import { beat, beatEveryMs, endBeat } from '../kit/worker-beat.ts'
import { forgetUnfinished, moveBlob } from '../media/tend-blobs.ts'
import { launchWaiting } from '../quick-campaigns/launch-waiting.ts'
import { wakeForgotten } from '../lifecycle/wake-forgotten.ts'
import { foldDeltas } from '../reports/fold-deltas.ts'
import { applyContactChanges } from '../segments/apply-contact-changes.ts'
import { forgetLiveEvents } from '../live/forget-live-events.ts'
import { forgetDeliveries } from '../outgoing-webhooks/deliveries.ts'
import { keepWebhooksGoing } from '../outgoing-webhooks/keep-webhooks-going.ts'
import { keepSegmentsLive } from '../segments/keep-live.ts'
import { resumeBackfills } from '../segments/backfill-segment.ts'
import { sweepSegments } from '../segments/sweep-segments.ts'
import { giveUpRehearsals } from '../simulation/end-rehearsal.ts'
import { resumeSimulations } from '../simulation/simulation-threads.ts'
import { forgetSimulations } from '../simulation/simulations.ts'
import { handBackDue } from '../takeover/hand-back-due.ts'
import { syncDueTemplates } from '../templates/sync-templates.ts'
import { forgetFiles } from '../transfers/forget-files.ts'
import { sweepOutbox } from './relay.ts'

const lookAfterEveryMs = 30_000
const batchesEveryMs = 2_000
const foldEveryMs = 5_000
const partitionsEveryMs = 6 * 60 * 60_000
const forgetEveryMs = 60 * 60_000
const handBackEveryMs = 3_000
const stopsEveryMs = 3_000
const followUpsEveryMs = 2_000
const healthEveryMs = 5 * 60_000
const waitingEveryMs = 2_000
const moveEveryMs = 60_000

/** What a worker does besides its tasks: relays what crashes left, keeps partitions ahead, drops what has expired. */
export function createMaintenance(deps: Deps): { stop(): Promise<void> } {
  const { orm, config } = deps
  const workerId = newId()
  const live = keepSegmentsLive(deps)
  const webhooks = keepWebhooksGoing(deps)
  const stops = [
    repeat(deps, 'sign of life', beatEveryMs, () => beat(orm, workerId)),
    repeat(deps, 'outbox sweep', config.OUTBOX_SWEEP_MS, async () => {
      while ((await sweepOutbox(deps)) > 0);
    }),
    repeat(deps, 'changes to many contacts', batchesEveryMs, () => runContactBatches(deps)),
    repeat(deps, 'reports', foldEveryMs, () => foldDeltas(deps)),
    repeat(deps, 'chats to hand back', handBackEveryMs, () => handBackDue(deps)),
    repeat(deps, 'stops of numbers', stopsEveryMs, () => sweepStops(deps)),
    repeat(deps, 'winners of trials', followUpsEveryMs, () => chooseWinners(deps)),
    repeat(deps, 'follow-ups of campaigns', followUpsEveryMs, async () => {
      while ((await followUpRuns(deps)) > 0);
    }),
    repeat(deps, 'health of numbers', healthEveryMs, () => refreshDueHealth(deps)),
    repeat(deps, 'abandoned sends', lookAfterEveryMs, () => giveUpSends(deps)),
    repeat(deps, 'runs that ended in Temporal', lookAfterEveryMs, () => closeLostRuns(deps)),
    repeat(deps, 'chats that nobody looks after', lookAfterEveryMs, () => wakeForgotten(deps)),
    repeat(deps, 'live segments', lookAfterEveryMs, async () => {
      await resumeBackfills(deps)
      await sweepSegments(deps)
      await applyContactChanges(deps)
    }),
    repeat(deps, 'events past their retention', forgetEveryMs, () => forgetEvents(deps)),
    repeat(deps, 'templates at WhatsApp', lookAfterEveryMs, () => syncDueTemplates(deps)),
    repeat(deps, 'runs that wait for a template', waitingEveryMs, () => launchWaiting(deps)),
    repeat(deps, 'simulations', lookAfterEveryMs, async () => {
      await resumeSimulations(deps)
      await giveUpRehearsals(deps)
    }),
    repeat(deps, 'partitions', partitionsEveryMs, () => orm.em.fork().execute('select ensure_partitions()')),
    repeat(deps, 'files in another store', moveEveryMs, async () => {
      while (await moveBlob(deps));
    }),
    repeat(deps, 'expired rows', forgetEveryMs, () => forgetExpired(deps)),
  ]
  return {
    async stop() {
      await Promise.all([live.stop(), webhooks.stop(), ...stops.map((stop) => stop())])
      // The database may be away by now; the sign then ages and is swept up by another.
      await endBeat(orm, workerId).catch((error: unknown) =>
        deps.log.warn({ err: error }, 'the sign of life stays'),
      )
    },
  }
}

async function forgetExpired(deps: Deps): Promise<void> {
  const { orm } = deps
  const em = orm.em.fork()
  await em.execute(`delete from idempotency_keys where created_at < now() - interval '24 hours'`)
  await em.execute('delete from sessions where expires_at < now()')
  await em.execute(`delete from arbiter_waits where expires_at < now() - interval '1 day'`)
  await forgetFiles(orm)
  await forgetItems(orm)
  await forgetUnfinished(deps)
  await forgetSimulations(orm)
  while ((await forgetLiveEvents(orm)) > 0);
  while ((await forgetDeliveries(deps)) > 0);
}

/** A failure is logged and the next turn tries again: the database may be away for a while. */
function repeat(
  deps: Deps,
  what: string,
  everyMs: number,
  work: () => Promise<unknown>,
): () => Promise<void> {
  const stopped = new AbortController()
  const loop = async () => {
    while (!stopped.signal.aborted) {
      try {
        await work()
      } catch (error) {
        deps.log.warn({ err: error, what }, 'maintenance failed; trying again later')
      }
      await pause(everyMs, stopped.signal)
    }
  }
  const running = loop()
  return () => {
    stopped.abort()
    return running
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
