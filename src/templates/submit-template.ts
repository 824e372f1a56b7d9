import {
  createTemplate,
  editTemplate,
  listTemplates,
  type AccountAccess,
  type TemplateAnswer,
} from '../../integrations/whatsapp/templates.ts'
import type { TemplateRefusal } from '../../integrations/whatsapp/template-errors.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { listUnknownFields, readComponents } from '../model/template-components.ts'
import { findAccountAccess } from './account-access.ts'
import { adoptRemote } from './adopt-remote.ts'
import { lintBeside } from './lint-row.ts'
import { isSameContent, toStatus } from './remote-status.ts'
import { recordTemplateFact } from './template-facts.ts'
import { contentOf, getTemplate, lockTemplate, type TemplateRow, tornAfterSeconds } from './template-row.ts'

type SubmitDeps = Pick<Deps, 'orm' | 'seal' | 'config'>
interface Submission {
  workspaceId: string
  id: string
  by: string
}

/**
 * Gives a draft, or the edit of a submitted template, to WhatsApp for review. The row says `submitting` before WhatsApp is
 * called; when the answer is lost it stays so until a look by name and language (here, or at the next sync) settles it.
 */
export async function submitTemplate(deps: SubmitDeps, input: Submission): Promise<TemplateRow> {
  const { workspaceId, id } = input
  const em = forkFor(deps.orm, workspaceId)
  const { wabaId } = await getTemplate(em, workspaceId, id)
  const access = await findAccountAccess(deps, workspaceId, wabaId)
  const { row, wasTorn } = await em.transactional((tx) => claim(tx, input))
  // What a crash left behind may have reached WhatsApp.
  if (wasTorn && (await settleByLook(deps, access, input, row))) return getTemplate(em, workspaceId, id)
  const askedAtMs = Date.now()
  const answer = row.metaId === null ? await create(access, row) : await edit(access, row, row.metaId)
  if (answer.outcome === 'done') {
    await em.transactional((tx) => markSubmitted(tx, input, row, { ...answer.value, askedAtMs }))
  } else if (answer.outcome === 'refused' && answer.refusal.kind !== 'exists') {
    await em.transactional((tx) => giveBack(tx, input, answer.refusal))
    throw refusalError(answer.refusal)
  } else if (answer.outcome === 'not-sent') {
    await em.transactional((tx) => giveBack(tx, input, undefined))
    throw new AppError('unavailable', `the template was not submitted: ${answer.reason}`, {
      retryAfterMs: 5_000,
    })
  } else {
    await settleDoubt(deps, access, input, row, answer)
  }
  return getTemplate(forkFor(deps.orm, workspaceId), workspaceId, id)
}

/** Checks that it may go out, and says so in the row. */
async function claim(
  em: Em,
  { workspaceId, id }: Submission,
): Promise<{ row: TemplateRow; wasTorn: boolean }> {
  const row = await lockTemplate(em, workspaceId, id)
  const isNew = row.status === 'draft' || row.status === 'deleted'
  const wasTorn = row.status === 'submitting'
  if (!isNew && !wasTorn && !row.draft) {
    throw new AppError('conflict', `${row.name} is ${row.status} and has no unsent edit`)
  }
  await refuseFaults(em, workspaceId, row)
  const claimed = await em.execute<object[]>(
    `update templates set status_before = case when status = 'submitting' then status_before else status end,
       status = 'submitting', submitting_at = now(), submit_error = null, updated_at = now()
     where workspace_id = ? and id = ? and (status <> 'submitting'
       or submitting_at < now() - ?::int * interval '1 second') returning id`,
    [workspaceId, id, tornAfterSeconds],
  )
  if (claimed.length === 0)
    throw new AppError('conflict', `${row.name} is being submitted`, { retryAfterMs: 5_000 })
  return { row, wasTorn }
}

async function refuseFaults(em: Em, workspaceId: string, row: TemplateRow): Promise<void> {
  const given = (row.draft ?? row).components
  const unknown = listUnknownFields(given, readComponents(given), 'components')
  const problems = await lintBeside(em, workspaceId, row.wabaId, contentOf(row))
  const errors = problems.filter(({ severity }) => severity === 'error')
  const fields = [
    ...errors.map(({ field, message }) => ({ field, message })),
    ...unknown.map((field) => ({ field, message: 'is not a field we know' })),
  ]
  if (fields.length === 0) return
  throw new AppError('unprocessable', 'WhatsApp would refuse the template', {
    fields,
    details: { rules: errors.map(({ rule }) => rule) },
  })
}

type Answer = TemplateAnswer<{ metaId: string; status: string; category: string | undefined }>

async function create(access: AccountAccess, row: TemplateRow): Promise<Answer> {
  const { name, language, category, parameterFormat, components } = contentOf(row)
  const answer = await createTemplate(access, {
    ...{ name, language, category, components },
    parameter_format: parameterFormat,
  })
  if (answer.outcome !== 'done') return answer
  const { id: metaId, ...rest } = answer.value
  return { outcome: 'done', value: { metaId, status: rest.status, category: rest.category } }
}

async function edit(access: AccountAccess, row: TemplateRow, metaId: string): Promise<Answer> {
  const { category, components } = contentOf(row)
  const answer = await editTemplate(access, metaId, {
    ...(category !== row.category && { category }),
    components,
  })
  if (answer.outcome !== 'done') return answer
  return { outcome: 'done', value: { metaId, status: 'PENDING', category } }
}

/** A webhook may have been faster: what it said of the status stays. */
async function markSubmitted(
  em: Em,
  { workspaceId, id, by }: Submission,
  row: TemplateRow,
  answer: { metaId: string; status: string; category: string | undefined; askedAtMs: number },
): Promise<void> {
  const { category, components } = contentOf(row)
  const to = toStatus(answer.status)
  await em.execute(
    `update templates set meta_id = ?, category = ?, components = ?::jsonb, draft = null,
       status = case when status = 'submitting' then ? else status end,
       status_at = coalesce(greatest(status_at, asked.at), asked.at), category_at = asked.at, components_at = asked.at,
       rejected_reason = case when status = 'submitting' then null else rejected_reason end,
       submitting_at = null, status_before = null, synced_at = now(), updated_at = now()
     from (select date_trunc('second', to_timestamp(?::float8 / 1000)) as at) as asked
     where workspace_id = ? and id = ?`,
    [
      answer.metaId,
      answer.category ?? category,
      JSON.stringify(components),
      to,
      answer.askedAtMs,
      workspaceId,
      id,
    ],
  )
  const data = { by, to, from: row.status, category: answer.category ?? category }
  await recordTemplateFact(em, workspaceId, row, { kind: 'submitted', data })
}

/** For sure not accepted: the row is what it was, with the reason. */
async function giveBack(em: Em, input: Submission, refusal: TemplateRefusal | undefined): Promise<void> {
  const { workspaceId, id } = input
  const error = refusal && {
    words: refusal.words,
    code: refusal.code ?? null,
    subcode: refusal.subcode ?? null,
  }
  await em.execute(
    `update templates set status = coalesce(status_before, 'draft'), status_before = null, submitting_at = null,
       submit_error = ?::jsonb, updated_at = now() where workspace_id = ? and id = ? and status = 'submitting'`,
    [error ? JSON.stringify(error) : null, workspaceId, id],
  )
  const row = await getTemplate(em, workspaceId, id)
  const data = { by: input.by, words: error?.words ?? 'WhatsApp was not reached' }
  await recordTemplateFact(em, workspaceId, row, { kind: 'refused', data })
}

/** No answer, or one that says that it is there already: WhatsApp knows which of both is ours. */
async function settleDoubt(
  deps: SubmitDeps,
  access: AccountAccess,
  input: Submission,
  row: TemplateRow,
  answer: Exclude<Answer, { outcome: 'done' }>,
): Promise<void> {
  if (await settleByLook(deps, access, input, row)) return
  if (answer.outcome !== 'refused') return
  await forkFor(deps.orm, input.workspaceId).transactional((tx) => giveBack(tx, input, answer.refusal))
  throw refusalError(answer.refusal)
}

/** Looks it up by name and language, and takes it over when it is there with what was submitted. */
async function settleByLook(
  deps: SubmitDeps,
  access: AccountAccess,
  input: Submission,
  row: TemplateRow,
): Promise<boolean> {
  const askedAtMs = Date.now()
  const found = await listTemplates(access, { name: row.name, limit: 200 })
  if (found.outcome !== 'done') return false
  const remote = found.value.templates.find(
    ({ name, language }) => name === row.name && language === row.language,
  )
  if (!remote || !isSameContent(contentOf(row).components, remote.components)) return false
  const { workspaceId } = input
  await forkFor(deps.orm, workspaceId).transactional((tx) =>
    adoptRemote(tx, { workspaceId, wabaId: row.wabaId, remote, askedAtMs, settles: true }),
  )
  return true
}

/** What WhatsApp said, as our API says it. */
export function refusalError({ kind, words, code, subcode, retryAfterMs }: TemplateRefusal): AppError {
  const details = { whatsapp: { code: code ?? null, subcode: subcode ?? null } }
  if (kind === 'busy') {
    return new AppError('rate_limited', words, { details, retryAfterMs: retryAfterMs ?? 60_000 })
  }
  if (kind === 'exists') return new AppError('conflict', words, { details })
  return new AppError(kind === 'access' ? 'whatsapp_refused' : 'unprocessable', words, { details })
}
