import type { Deps } from '../deps.ts'
import { csvLine } from '../kit/csv.ts'
import { toText } from '../model/json.ts'
import { listAnswers, type AnswerFilter } from './find-answers.ts'

const pageSize = 500
const columns = [
  'at',
  'card',
  'question',
  'answer',
  'value',
  'valid',
  'contact_id',
  'contact_name',
  'run_id',
  'visit',
]

/** The answers as CSV, newest first. */
export async function* writeAnswers(
  deps: Pick<Deps, 'orm'>,
  input: AnswerFilter,
): AsyncGenerator<string, void> {
  yield csvLine(columns)
  for (let before: string | undefined; ; ) {
    const rows = await listAnswers(deps, { ...input, before, limit: pageSize })
    for (const row of rows) {
      const { at, cardId, question, text, value, isValid, contactId, contactName, runId, visit } = row
      yield csvLine([
        ...[at, cardId, question, text, toText(value), String(isValid)],
        ...[contactId, contactName ?? '', runId, String(visit)],
      ])
    }
    before = rows.at(-1)?.id
    if (rows.length < pageSize) return
  }
}
