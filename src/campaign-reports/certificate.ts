import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { certificateCells, certificateColumns, createChain, totalsMark } from './certificate-lines.ts'
import { createTotals, listEquations, type CertificateTotals, type Equation } from './certificate-totals.ts'
import { sumOf, type CampaignNumbers } from './campaign-numbers.ts'
import { findCertifiedRun, type CertifiedRun } from './find-certified-run.ts'
import { listEscaped, type Escape } from './list-escaped.ts'
import { countRuns } from './load-numbers.ts'
import { readMessages, readRecipients, type Story } from './stories.ts'
import { sayMicros } from '../pricing/price-list.ts'

/** Rows a question; between two of them nothing is held. */
const rowsAPage = 2_000
const firstId = '00000000-0000-0000-0000-000000000000'

/** Everybody whom a run was meant for, and what became of it, in pages. */
async function* readStories(em: Em, run: CertifiedRun): AsyncGenerator<Story[], void> {
  if (run.hasPlan) {
    let after = { lane: -1, seq: 0 }
    for (;;) {
      const stories = await readRecipients(em, run, after, rowsAPage)
      yield stories
      const last = stories.at(-1)
      if (!last) return
      after = { lane: last.lane ?? 0, seq: last.seq ?? 0 }
    }
  }
  let after = firstId
  for (;;) {
    const stories = await readMessages(em, run, after, rowsAPage)
    yield stories
    if (stories.length < rowsAPage) return
    after = stories.at(-1)?.messageId ?? after
  }
}

/** The rows of a certificate as the lines of a file, each with its hash; the last one says what they add up to. */
export async function* certificateLines(
  deps: Pick<Deps, 'orm'>,
  run: CertifiedRun,
): AsyncGenerator<string, void> {
  yield* walk(deps, run)
}

async function* walk(
  deps: Pick<Deps, 'orm'>,
  run: CertifiedRun,
): AsyncGenerator<string, { totals: CertificateTotals; lastHash: string }> {
  const em = forkFor(deps.orm, run.workspaceId)
  const chain = createChain()
  const totals = createTotals()
  yield chain.add(certificateColumns)
  for await (const page of readStories(em, run)) {
    for (const story of page) {
      const cells = certificateCells(story)
      totals.add(cells)
      yield chain.add(cells)
    }
  }
  const result = totals.result()
  yield chain.add([totalsMark, JSON.stringify(result)])
  return { totals: result, lastHash: chain.last }
}

export interface Difference {
  what: string
  rows: number
  counters: number
}
export interface Certificate {
  runId: string
  campaignId: string
  name: string
  number: number
  state: string
  currency: string | null
  startedAt: string
  endedAt: string | null
  issuedAt: string
  totals: CertificateTotals
  equations: Equation[]
  /** What the rows say and the counters of reports do not, each with both. */
  differences: Difference[]
  /** Counted over all messages of the run in the ledger, whatever the plan says. */
  ledger: { messages: number; sendKeys: number; wamids: number; acceptedTwice: number }
  escaped: Escape[]
  lastHash: string
}

/** The proof of a run: computed from its rows each time, in the memory of one page. */
export async function issueCertificate(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  runId: string,
): Promise<Certificate> {
  const run = await findCertifiedRun(deps, workspaceId, runId)
  const issuedAt = new Date().toISOString()
  const lines = walk(deps, run)
  let step = await lines.next()
  while (!step.done) step = await lines.next()
  const { totals, lastHash } = step.value
  const counted = (await countRuns(deps, workspaceId, [runId])).get(runId)
  const em = forkFor(deps.orm, workspaceId)
  const { campaignId, name, number, state, currency, startedAt, endedAt } = run
  return {
    ...{ runId, campaignId, name, number, state, currency, startedAt, endedAt, issuedAt, totals },
    equations: listEquations(totals),
    differences: counted ? compareWith(totals, counted, run.hasPlan) : [],
    ledger: await countLedger(em, run),
    escaped: await listEscaped(em, run),
    lastHash,
  }
}

/** Statuses that come while the rows are read show here too: of a run that is through there is none. */
function compareWith(totals: CertificateTotals, counted: CampaignNumbers, hasPlan: boolean): Difference[] {
  const sum = (reasons: Record<string, number>) => Object.values(reasons).reduce((all, n) => all + n, 0)
  const pairs: [string, number, number][] = [
    ...(hasPlan
      ? ([
          ['audience', totals.audience, counted.audience],
          ['intended', totals.intended, counted.intended],
        ] as [string, number, number][])
      : []),
    ['failed', sum(totals.failed), sumOf(counted.failed)],
    ['skipped', sum(totals.skipped), sumOf(counted.skipped)],
    ['unknown', totals.unknown, counted.unknown],
    ['pending', totals.pending, counted.pending],
    ['delivered', totals.delivered, counted.delivered],
    ['read', totals.read, counted.read],
    ['clicked', totals.clicked, counted.clicked],
    ['replied', totals.replied, counted.replied],
    ['converted', totals.converted, counted.converted],
    ['cost', Number(totals.cost), Number(sayMicros(counted.costMicros))],
  ]
  return pairs
    .filter(([, rows, counters]) => rows !== counters)
    .map(([what, rows, counters]) => ({ what, rows, counters }))
}

/** Two messages of one key, or two of WhatsApp's ids for one of ours, cannot be: unique indexes refuse them. Counted anyhow. */
async function countLedger(em: Em, { workspaceId, runId }: CertifiedRun): Promise<Certificate['ledger']> {
  const [row] = await em.execute<Certificate['ledger'][]>(
    `select count(*)::int as messages, count(distinct send_key)::int as "sendKeys", count(distinct wamid)::int as wamids,
       (select count(*)::int from (select s.message_id from message_statuses s join messages o on o.id = s.message_id
         where o.workspace_id = ? and o.campaign_run_id = ? and s.status in ('sent', 'delivered', 'read')
         group by s.message_id having count(distinct s.wamid) > 1) twice) as "acceptedTwice"
     from messages where workspace_id = ? and campaign_run_id = ?`,
    [workspaceId, runId, workspaceId, runId],
  )
  return row ?? { messages: 0, sendKeys: 0, wamids: 0, acceptedTwice: 0 }
}
