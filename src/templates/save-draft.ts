import { isDeepStrictEqual } from 'node:util'
import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { TemplateCategory, TemplateComponent, TemplateContent } from '../model/template-components.ts'
import { getTemplate, lockTemplate, type TemplateRow } from './template-row.ts'
import { recordTemplateFact } from './template-facts.ts'

export interface NewTemplate {
  workspaceId: string
  wabaId: string
  content: TemplateContent
  libraryId?: string
  by: string
}

/** Saves a draft; whether it is any good is for the linter, and WhatsApp, to say. */
export async function createDraft({ orm }: Pick<Deps, 'orm'>, input: NewTemplate): Promise<TemplateRow> {
  const { workspaceId, wabaId, content, libraryId, by } = input
  const { name, language, category, parameterFormat, components } = content
  const id = newId()
  try {
    return await forkFor(orm, workspaceId).transactional(async (em) => {
      await em.execute(
        `insert into templates (id, workspace_id, waba_id, name, language, category, parameter_format, components, library_id,
           source) values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)`,
        [
          ...[id, workspaceId, wabaId, name, language, category, parameterFormat, JSON.stringify(components)],
          libraryId ?? null,
          libraryId === undefined ? 'here' : 'library',
        ],
      )
      const row = await getTemplate(em, workspaceId, id)
      await recordTemplateFact(em, workspaceId, row, {
        kind: 'created',
        data: { by, library: libraryId ?? null },
      })
      return row
    })
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = `${name} exists in ${language} already`
    throw new AppError('conflict', message, { fields: [{ field: 'language', message }] })
  }
}

export interface TemplateChange {
  name?: string | undefined
  language?: string | undefined
  category?: TemplateCategory | undefined
  parameterFormat?: TemplateContent['parameterFormat'] | undefined
  components?: TemplateComponent[] | undefined
}

/** States in which WhatsApp has never seen the template, or has it no more: everything may change. */
const ownStates = new Set(['draft', 'deleted'])
/** States in which WhatsApp takes no edits; it would be lost. */
const closedStates = new Set(['submitting', 'disabled', 'pending_deletion', 'locked'])

/** Changes a draft, or keeps an edit of a submitted template beside what WhatsApp has until it is submitted. */
export async function editTemplate(
  { orm }: Pick<Deps, 'orm'>,
  input: { workspaceId: string; id: string; change: TemplateChange },
): Promise<TemplateRow> {
  const { workspaceId, id, change } = input
  try {
    return await forkFor(orm, workspaceId).transactional(async (em) => {
      const row = await lockTemplate(em, workspaceId, id)
      if (closedStates.has(row.status)) throw closed(row)
      if (ownStates.has(row.status)) await changeOwn(em, workspaceId, row, change)
      else await changeBeside(em, workspaceId, row, change)
      return getTemplate(em, workspaceId, id)
    })
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = 'another template has this name and language'
    throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
  }
}

async function changeOwn(
  em: Em,
  workspaceId: string,
  row: TemplateRow,
  change: TemplateChange,
): Promise<void> {
  const { name, language, category, parameterFormat, components } = { ...row, ...definedOf(change) }
  await em.execute(
    `update templates set name = ?, language = ?, category = ?, parameter_format = ?, components = ?::jsonb, draft = null,
       submit_error = null, status = 'draft', updated_at = now() where workspace_id = ? and id = ?`,
    [name, language, category, parameterFormat, JSON.stringify(components), workspaceId, row.id],
  )
}

async function changeBeside(
  em: Em,
  workspaceId: string,
  row: TemplateRow,
  change: TemplateChange,
): Promise<void> {
  const fixed = (['name', 'language', 'parameterFormat'] as const).filter(
    (key) => change[key] !== undefined && change[key] !== row[key],
  )
  if (fixed.length > 0) {
    const message = 'cannot change once WhatsApp has the template; duplicate it instead'
    throw new AppError('unprocessable', `${fixed.join(', ')} ${message}`, {
      fields: fixed.map((field) => ({ field, message })),
    })
  }
  const current = row.draft ?? row
  const draft = {
    category: change.category ?? current.category,
    components: change.components ?? current.components,
  }
  if (draft.category !== row.category && row.status === 'approved') {
    const message = 'of an approved template cannot be changed; duplicate it instead'
    throw new AppError('unprocessable', `category ${message}`, { fields: [{ field: 'category', message }] })
  }
  const isBack = isDeepStrictEqual(draft, { category: row.category, components: row.components })
  await em.execute(
    `update templates set draft = ?::jsonb, submit_error = null, updated_at = now() where workspace_id = ? and id = ?`,
    [isBack ? null : JSON.stringify(draft), workspaceId, row.id],
  )
}

function closed({ name, status }: TemplateRow): AppError {
  return new AppError('conflict', `${name} is ${status}: it cannot be edited now`, { details: { status } })
}

function definedOf(change: TemplateChange) {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Required<TemplateChange>
}
