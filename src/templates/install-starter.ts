import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { TemplateContent } from '../model/template-components.ts'
import { type Starter, toTemplate } from './library/starter.ts'
import { createDraft } from './save-draft.ts'
import { findStarter } from './search-library.ts'
import type { TemplateRow } from './template-row.ts'

/** Makes a draft of a ready-made template, under its own name unless another is given. */
export async function installStarter(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    wabaId: string
    id: string
    language: string
    name?: string | undefined
    by: string
  },
): Promise<TemplateRow> {
  const { workspaceId, wabaId, id, language, name, by } = input
  const starter = contentIn(getStarter(id), language)
  const content = { ...starter, name: name ?? starter.name }
  return createDraft(deps, { workspaceId, wabaId, content, libraryId: id, by })
}

export function getStarter(id: string): Starter {
  const starter = findStarter(id)
  if (!starter) throw new AppError('not_found', `the library has no template ${id}`)
  return starter
}

export function contentIn(starter: Starter, language: string): TemplateContent {
  const content = toTemplate(starter, language)
  if (content) return content
  const message = `is not one of ${Object.keys(starter.texts).join(', ')}`
  throw new AppError('unprocessable', `language ${message}`, { fields: [{ field: 'language', message }] })
}
