import { resolveProducts } from '../catalog/resolve-products.ts'
import type { Em } from '../db/orm.ts'
import { idsAmong } from '../db/uuids.ts'
import { findMedia } from '../media/find-media.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { CardReference } from '../../workflows/cards/card.ts'
import { cards as registry } from '../../workflows/cards/index.ts'
import { createOutsideJudge } from './outside-references.ts'
import type { FieldProblem } from './validate-journey.ts'

type Of<K extends CardReference['kind']> = Extract<CardReference, { kind: K }>
/** What is wrong with what is named, if anything. */
type Verdict = { severity: FieldProblem['severity']; message: string } | undefined

/** What a journey's cards name and the workspace does not have, or not in a state in which it can be sent. */
export async function checkCardReferences(
  em: Em,
  workspaceId: string,
  definition: JourneyDefinition,
): Promise<FieldProblem[]> {
  const named = Object.entries(definition.cards).flatMap(([card, node]) =>
    (registry[node.type]?.refers?.(node.settings) ?? []).map((reference) => ({ card, reference })),
  )
  if (named.length === 0) return []
  const judge = await createJudge(
    em,
    workspaceId,
    named.map(({ reference }) => reference),
  )
  return named.flatMap(({ card, reference }) => {
    const verdict = judge(reference)
    return verdict ? [{ ...verdict, card, field: `cards.${card}.settings.${reference.field}` }] : []
  })
}

async function createJudge(em: Em, workspaceId: string, all: CardReference[]) {
  const of = <K extends CardReference['kind']>(kind: K) =>
    all.filter((reference): reference is Of<K> => reference.kind === kind)
  const media = await findMedia(
    em,
    workspaceId,
    of('media').map(({ id }) => id),
  )
  const flows = await listFlows(
    em,
    workspaceId,
    of('flow').map(({ id }) => id),
  )
  const catalogs = await listCatalogs(
    em,
    workspaceId,
    of('catalog').map(({ id }) => id),
  )
  const products = new Map<string, Awaited<ReturnType<typeof resolveProducts>>>()
  for (const [catalogId, group] of Map.groupBy(of('product'), ({ catalog }) => catalog)) {
    const retailerIds = group.map(({ id }) => id)
    products.set(catalogId, await resolveProducts(em, { workspaceId, catalogId, retailerIds }))
  }
  const judgeOutside = await createOutsideJudge(em, workspaceId, all)
  return (reference: CardReference): Verdict => {
    switch (reference.kind) {
      case 'media':
        return judgeMedia(reference, media.get(reference.id))
      case 'flow':
        return judgeFlow(reference, flows.get(reference.id))
      case 'catalog':
        return judgeCatalog(reference, catalogs.get(reference.id))
      case 'product':
        // Of a catalog that is not there, that is said once.
        if (!catalogs.has(reference.catalog)) return undefined
        return judgeProduct(reference, products.get(reference.catalog)?.get(reference.id))
      default: {
        const wrong = judgeOutside(reference)
        return wrong === undefined ? undefined : error(wrong)
      }
    }
  }
}

function judgeMedia(
  { id, as }: Of<'media'>,
  file: { kind: string; name: string; archivedAt: string | null } | undefined,
): Verdict {
  if (!file) return error(`there is no media ${id} in the library`)
  if (as !== 'document' && file.kind !== as)
    return error(`"${file.name}" is a file of the kind ${file.kind}: WhatsApp does not show it as ${as}`)
  return file.archivedAt === null ? undefined : warning(`"${file.name}" was taken out of the library`)
}

function judgeFlow({ mode }: Of<'flow'>, status: string | undefined): Verdict {
  if (status === undefined)
    return error('there is no such Flow here: create it, or sync the Flows of the account')
  const fits = mode === 'draft' ? status === 'DRAFT' : ['PUBLISHED', 'THROTTLED'].includes(status)
  const wanted = mode === 'draft' ? 'a draft' : 'published'
  return fits ? undefined : error(`the Flow is ${status.toLowerCase()}, not ${wanted}`)
}

function judgeCatalog({ id }: Of<'catalog'>, catalog: { metaCatalogId: string | null } | undefined): Verdict {
  if (!catalog) return error(`there is no catalog ${id}`)
  return catalog.metaCatalogId === null
    ? error("the catalog has no Meta catalog id: WhatsApp shows products of Meta's catalogs only")
    : undefined
}

function judgeProduct(
  { id }: Of<'product'>,
  product: { archivedAt: string | null; visibility: string; availability: string } | undefined,
): Verdict {
  if (!product || product.archivedAt) return error(`the catalog has no product "${id}"`)
  const { visibility, availability } = product
  if (visibility === 'hidden') return warning(`the product "${id}" is hidden`)
  const isGone = availability === 'out of stock' || availability === 'discontinued'
  return isGone ? warning(`the product "${id}" is ${availability}`) : undefined
}

async function listFlows(em: Em, workspaceId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await em.execute<{ meta_id: string; status: string }[]>(
    `select meta_id, status from flows where workspace_id = ? and deleted_at is null
       and meta_id in (select jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, JSON.stringify(ids)],
  )
  return new Map(rows.map(({ meta_id: id, status }) => [id, status]))
}

async function listCatalogs(em: Em, workspaceId: string, ids: string[]) {
  const rows =
    ids.length === 0
      ? []
      : await em.execute<{ id: string; metaCatalogId: string | null }[]>(
          `select id, meta_catalog_id as "metaCatalogId" from catalogs where workspace_id = ?
             and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
          [workspaceId, idsAmong(ids)],
        )
  return new Map(rows.map((row) => [row.id, row]))
}

function error(message: string): Verdict {
  return { severity: 'error', message }
}

function warning(message: string): Verdict {
  return { severity: 'warning', message }
}
