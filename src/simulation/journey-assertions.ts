import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { Assertion } from './assertion-schema.ts'

export interface AssertionRow extends Assertion {
  id: string
  by: string
  createdAt: string
  updatedAt: string
}
interface JourneyRef {
  workspaceId: string
  journeyId: string
}

const columns = `id, name, scene, expectations, by, ${isoTime('created_at')} as "createdAt",
  ${isoTime('updated_at')} as "updatedAt"`

/** Each costs milliseconds at every publish. */
const maximumAssertions = 500

/** In the order in which they were written; all of them when no limit is given. */
export async function listAssertions(
  em: Em,
  input: JourneyRef & { after?: string | undefined; limit?: number },
): Promise<AssertionRow[]> {
  const { workspaceId, journeyId, after = null, limit = maximumAssertions } = input
  return em.execute<AssertionRow[]>(
    `select ${columns} from journey_assertions where workspace_id = ? and journey_id = ? and (?::uuid is null or id > ?)
     order by id limit ?`,
    [workspaceId, journeyId, after, after, limit],
  )
}

/** A new one, or another wording of the one with this id. */
export async function saveAssertion(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, journeyId, by, id }: JourneyRef & { by: string; id?: string },
  assertion: Assertion,
): Promise<AssertionRow> {
  const { name } = assertion
  const values = [name, JSON.stringify(assertion.scene), JSON.stringify(assertion.expectations), by]
  try {
    return await forkFor(deps.orm, workspaceId).transactional(async (em) => {
      const savedId = id ?? newId()
      if (id === undefined) {
        await refuseTooMany(em, { workspaceId, journeyId })
        await em.execute(
          `insert into journey_assertions (name, scene, expectations, by, id, workspace_id, journey_id)
           values (?, ?::jsonb, ?::jsonb, ?, ?, ?, ?)`,
          [...values, savedId, workspaceId, journeyId],
        )
      } else {
        await em.execute(
          `update journey_assertions set name = ?, scene = ?::jsonb, expectations = ?::jsonb, by = ?, updated_at = now()
           where id = ? and workspace_id = ? and journey_id = ?`,
          [...values, savedId, workspaceId, journeyId],
        )
      }
      await tell(em, workspaceId, 'assertion.saved', { journey: journeyId, name, by })
      return findAssertion(em, { workspaceId, journeyId, id: savedId })
    })
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = 'another assertion of the journey has this name'
    throw new AppError('conflict', `name: ${message}`, { fields: [{ field: 'name', message }] })
  }
}

export async function deleteAssertion(
  deps: Pick<Deps, 'orm'>,
  { by, ...ref }: JourneyRef & { by: string; id: string },
): Promise<void> {
  const { workspaceId, journeyId, id } = ref
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await findAssertion(em, ref)
    await em.execute('delete from journey_assertions where workspace_id = ? and id = ?', [workspaceId, id])
    await tell(em, workspaceId, 'assertion.deleted', { journey: journeyId, name, by })
  })
}

export async function findAssertion(
  em: Em,
  { workspaceId, journeyId, id }: JourneyRef & { id: string },
): Promise<AssertionRow> {
  const [row] = await em.execute<AssertionRow[]>(
    `select ${columns} from journey_assertions where workspace_id = ? and journey_id = ? and id = ?`,
    [workspaceId, journeyId, id],
  )
  if (!row) throw new AppError('not_found', `the journey has no assertion ${id}`)
  return row
}

async function refuseTooMany(em: Em, { workspaceId, journeyId }: JourneyRef): Promise<void> {
  const [row] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from journey_assertions where workspace_id = ? and journey_id = ?',
    [workspaceId, journeyId],
  )
  if ((row?.count ?? 0) >= maximumAssertions)
    throw new AppError('unprocessable', `a journey has at most ${maximumAssertions} assertions`)
}

async function tell(
  em: Em,
  workspaceId: string,
  kind: string,
  data: { journey: string; name: string; by: string },
): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}
