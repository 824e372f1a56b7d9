import { findCertifiedRun } from '../campaign-reports/find-certified-run.ts'
import { listRecipients, type After } from '../campaign-reports/list-recipients.ts'
import type { Story } from '../campaign-reports/stories.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** What became of one person of one run, or of one message where somebody gets several. */
export interface RecipientRow extends Story {
  run: number
  /** The furthest that it came to: `queued`, `skipped`, `failed`, `unknown`, `sent`, `delivered`, `read`, `clicked`, `replied`. */
  action: string
  /** What a button of the campaign brought. */
  input: string | null
}
interface Campaign {
  workspaceId: string
  campaignId: string
}

/** Rows a question; between two of them nothing is held. */
const rowsAPage = 2_000

/** Everybody whom the runs of a campaign were meant for, the first run first. */
export async function* eachRecipientRow(
  deps: Pick<Deps, 'orm'>,
  campaign: Campaign,
): AsyncGenerator<RecipientRow, void> {
  for (const { id, number } of await listRuns(deps, campaign)) {
    const run = await findCertifiedRun(deps, campaign.workspaceId, id)
    let after: After | undefined
    do {
      const { stories, next } = await listRecipients(deps, run, undefined, after, rowsAPage)
      const inputs = await loadInputs(deps, campaign, stories)
      for (const story of stories)
        yield { ...story, run: number, action: actionOf(story), input: inputs.get(story.contactId) ?? null }
      after = next
    } while (after)
  }
}

/** A page of them, by its place. */
export async function listRecipientRows(
  deps: Pick<Deps, 'orm'>,
  { from, limit, ...campaign }: Campaign & { from: number; limit: number },
): Promise<RecipientRow[]> {
  const rows: RecipientRow[] = []
  let at = 0
  for await (const row of eachRecipientRow(deps, campaign)) {
    if (at++ >= from) rows.push(row)
    if (rows.length >= limit) break
  }
  return rows
}

async function listRuns(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, campaignId }: Campaign,
): Promise<{ id: string; number: number }[]> {
  return forkFor(orm, workspaceId).execute<{ id: string; number: number }[]>(
    'select id, number from campaign_runs where workspace_id = ? and campaign_id = ? order by number',
    [workspaceId, campaignId],
  )
}

async function loadInputs(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, campaignId }: Campaign,
  stories: Story[],
): Promise<Map<string, string>> {
  const rows = await forkFor(orm, workspaceId).execute<{ contact_id: string; input: string }[]>(
    `select v.contact_id, v.values ->> 'input' as input from variable_groups g join variable_values v on v.group_id = g.id
     where g.workspace_id = ? and g.campaign_id = ? and v.values ->> 'input' is not null
       and v.contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, campaignId, JSON.stringify(stories.map(({ contactId }) => contactId))],
  )
  return new Map(rows.map((row) => [row.contact_id, row.input]))
}

function actionOf(story: Story): string {
  const { outcome } = story
  if (outcome === 'left-out') return 'skipped'
  if (outcome === 'waiting' || outcome === 'pending') return 'queued'
  if (outcome !== 'accepted') return outcome
  if (story.repliedAt !== null) return 'replied'
  if (story.clickedAt !== null) return 'clicked'
  if (story.readAt !== null) return 'read'
  return story.deliveredAt === null ? 'sent' : 'delivered'
}
