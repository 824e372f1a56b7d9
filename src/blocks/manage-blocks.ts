import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { BlockKind } from '../model/block.ts'
import type { Interactive } from '../model/interactive.ts'
import { checkFlowReference } from '../flows/check-flow-reference.ts'
import { checkMediaReference } from '../media/check-media-reference.ts'
import { listBlockUses, type BlockUse } from './block-uses.ts'
import { blockSql, getBlock, type BlockDetail } from './find-blocks.ts'

/**
 * A block is one message for many places: the inbox sends it as it stands now; a journey keeps it as it stood when the
 * journey was published, so that runs inside are asked and answered by the same buttons. `version` counts the changes.
 */
export async function createBlock(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; name: string; content: Interactive },
): Promise<BlockDetail> {
  const { workspaceId, name, content } = input
  const em = forkFor(deps.orm, workspaceId)
  await checkReferences(em, workspaceId, content)
  const id = newId()
  await em
    .execute('insert into blocks (id, workspace_id, name, kind, content) values (?, ?, ?, ?, ?::jsonb)', [
      id,
      workspaceId,
      name,
      content.type,
      JSON.stringify(content),
    ])
    .catch(refuseTakenName)
  return getBlock(deps, workspaceId, id)
}

/** What a block opens and shows must be there. */
async function checkReferences(em: Em, workspaceId: string, interactive: Interactive): Promise<void> {
  await checkFlowReference(em, workspaceId, interactive, 'content')
  await checkMediaReference(em, workspaceId, { type: 'interactive', interactive }, 'content.header')
}

/** Journeys that were published before keep the content they were published with. */
export async function updateBlock(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    blockId: string
    name?: string | undefined
    content?: Interactive | undefined
    archived?: boolean | undefined
  },
): Promise<BlockDetail> {
  const { workspaceId, blockId, name, content, archived } = input
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const kind = await lockBlock(em, workspaceId, blockId)
    if (content && content.type !== kind) {
      const message = `a block of kind ${kind} stays one: make another for ${content.type}`
      throw new AppError('conflict', message, { fields: [{ field: 'content.type', message }] })
    }
    if (content) await checkReferences(em, workspaceId, content)
    if (archived) await refuseUsed(em, workspaceId, blockId, 'archived')
    await em
      .execute(
        `update blocks set name = coalesce(?, name), updated_at = now(),
           version = version + case when content is distinct from coalesce(?::jsonb, content) then 1 else 0 end,
           content = coalesce(?::jsonb, content),
           archived_at = case when ?::boolean is null then archived_at when ? then coalesce(archived_at, now()) end
         where id = ? and workspace_id = ?`,
        [
          name ?? null,
          ...twice(content && JSON.stringify(content)),
          ...twice(archived),
          blockId,
          workspaceId,
        ],
      )
      .catch(refuseTakenName)
  })
  return getBlock(deps, workspaceId, blockId)
}

/** The same content under the next free name: `Menu (copy)`, `Menu (copy 2)` … */
export async function duplicateBlock(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; blockId: string; name?: string | undefined },
): Promise<BlockDetail> {
  const { workspaceId, blockId, name } = input
  const { content, name: original } = await getBlock(deps, workspaceId, blockId)
  if (name !== undefined) return createBlock(deps, { workspaceId, name, content })
  for (let attempt = 1; ; attempt++) {
    const copy = `${original.slice(0, 180)} (${attempt === 1 ? 'copy' : `copy ${attempt}`})`
    try {
      return await createBlock(deps, { workspaceId, name: copy, content })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict' || attempt >= 100) throw error
    }
  }
}

/** Refused while a journey refers to it, with the names of those. */
export async function deleteBlock(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, blockId }: { workspaceId: string; blockId: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await lockBlock(em, workspaceId, blockId)
    await refuseUsed(em, workspaceId, blockId, 'deleted')
    await em.execute('update blocks set deleted_at = now() where id = ? and workspace_id = ?', [
      blockId,
      workspaceId,
    ])
  })
}

/** Against a journey that is being published with it just now, which holds a share of this lock. */
async function lockBlock(em: Em, workspaceId: string, blockId: string): Promise<BlockKind> {
  const [row] = await em.execute<{ kind: BlockKind }[]>(
    `select kind from (${blockSql}) b where id = ? and workspace_id = ?`,
    [blockId, workspaceId],
  )
  if (!row) throw new AppError('not_found', `block ${blockId} does not exist`)
  await em.execute('select 1 from blocks where id = ? for update', [blockId])
  return row.kind
}

async function refuseUsed(em: Em, workspaceId: string, blockId: string, done: string): Promise<void> {
  const uses = await listBlockUses(em, workspaceId, blockId)
  if (uses.length === 0) return
  const names = uses.slice(0, 5).map((use: BlockUse) => `"${use.journeyName}"`)
  const more = uses.length > names.length ? ` and ${uses.length - names.length} more` : ''
  const message = `the block cannot be ${done}: it is used in ${names.join(', ')}${more}`
  throw new AppError('conflict', message, { details: { usedIn: uses } })
}

function twice<T>(value: T | undefined): [T | null, T | null] {
  return [value ?? null, value ?? null]
}

function refuseTakenName(error: unknown): never {
  if (!(error instanceof UniqueConstraintViolationException)) throw error
  const message = 'another block has this name'
  throw new AppError('conflict', message, { fields: [{ field: 'name', message }] })
}
