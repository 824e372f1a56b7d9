import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { toText } from '../model/json.ts'
import { listFlowAnswers, type AnswerFilter } from './find-answers.ts'

const pageSize = 500
const maximumColumns = 200
const fixed = ['at', 'flow', 'contact_id', 'contact_name', 'verified'] as const

/** The answers as CSV, newest first: a column for every name that occurs among the Flow's answers. */
export async function* writeAnswers(
  deps: Pick<Deps, 'orm'>,
  input: AnswerFilter & { workspaceId: string },
): AsyncGenerator<string, void> {
  const names = await listAnswerNames(deps, input)
  yield csvLine([...fixed, ...names])
  for (let before: string | undefined; ; ) {
    const rows = await listFlowAnswers(deps, { ...input, before, limit: pageSize })
    for (const { at, flowName, contactId, contactName, verified, answers } of rows) {
      const own = [at, flowName ?? '', contactId, contactName ?? '', String(verified)]
      yield csvLine([...own, ...names.map((name) => toText(answers[name]))])
    }
    before = rows.at(-1)?.id
    if (rows.length < pageSize) return
  }
}

async function listAnswerNames(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, flowId }: AnswerFilter & { workspaceId: string },
): Promise<string[]> {
  const rows = await forkFor(orm, workspaceId).execute<{ name: string }[]>(
    `select distinct k as name from flow_answers a cross join jsonb_object_keys(a.answers) k
     where a.workspace_id = ? and (?::uuid is null or a.flow_id = ?) order by name limit ${maximumColumns}`,
    [workspaceId, flowId ?? null, flowId ?? null],
  )
  return rows.map(({ name }) => name)
}
