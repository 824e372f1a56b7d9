import { isSupportedCountry } from 'libphonenumber-js/max'
import { z } from 'zod'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { consentCategories } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'
import { currencySchema } from '../model/money.ts'
import type { RateCard } from './price-list.ts'

const category = z.enum([...consentCategories, 'service'])

export const rateCardFields = z.strictObject({
  name: z.string().trim().min(1).max(200),
  currency: currencySchema,
  effectiveFrom: z.iso.datetime({ offset: true }),
  effectiveUntil: z.iso.datetime({ offset: true }).nullable().default(null),
  freeInWindow: z.array(category).max(4).default(['utility', 'service']).meta({
    description: 'categories that cost nothing while the 24-hour window is open',
  }),
  rates: z
    .array(
      z.strictObject({
        country: z
          .string()
          .refine((code) => code === '*' || isSupportedCountry(code), 'must be a country code like IN, or *')
          .meta({ description: "of the recipient's phone; * is every other country" }),
        category,
        price: z
          .string()
          .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a decimal with at most six decimals, like 0.0107')
          .meta({ description: 'of one message, in whole units of the currency' }),
      }),
    )
    .max(2_000)
    .refine(
      (rates) => new Set(rates.map(({ country, category: of }) => `${country} ${of}`)).size === rates.length,
      'two lines are for the same country and category',
    ),
})

export const rateCardSchema = rateCardFields.refine(
  ({ effectiveFrom, effectiveUntil }) =>
    !effectiveUntil || Date.parse(effectiveUntil) > Date.parse(effectiveFrom),
  {
    message: 'must be later than effectiveFrom',
    path: ['effectiveUntil'],
  },
)
export type RateCardInput = z.output<typeof rateCardSchema>

export type RateCardRow = RateCard & { example: boolean; by: string; createdAt: string; updatedAt: string }

const columns = `id, name, currency, ${isoTime('effective_from')} as "effectiveFrom",
  ${isoTime('effective_until')} as "effectiveUntil", free_in_window as "freeInWindow", rates, example, by,
  ${isoTime('created_at')} as "createdAt", ${isoTime('updated_at')} as "updatedAt"`

interface Order {
  workspaceId: string
  by: string
}

/** Prices from a day on. What is entered later with the same beginning goes before what was there. */
export async function createRateCard(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by }: Order,
  card: RateCardInput,
  example = false,
): Promise<RateCardRow> {
  const id = newId()
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into rate_cards (id, workspace_id, name, currency, effective_from, effective_until, free_in_window, rates,
         example, by) values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)`,
      [id, workspaceId, ...valuesOf(card), example, by],
    )
    await tell(em, workspaceId, 'rate-card.saved', { rateCard: id, name: card.name, by })
    return findRateCard(em, workspaceId, id)
  })
}

/** As a whole. An example that somebody has gone over is none any more. */
export async function replaceRateCard(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, id }: Order & { id: string },
  card: RateCardInput,
): Promise<RateCardRow> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await findRateCard(em, workspaceId, id)
    await em.execute(
      `update rate_cards set name = ?, currency = ?, effective_from = ?, effective_until = ?, free_in_window = ?::jsonb,
         rates = ?::jsonb, example = false, by = ?, updated_at = now() where workspace_id = ? and id = ?`,
      [...valuesOf(card), by, workspaceId, id],
    )
    await tell(em, workspaceId, 'rate-card.saved', { rateCard: id, name: card.name, by })
    return findRateCard(em, workspaceId, id)
  })
}

export async function deleteRateCard(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, id }: Order & { id: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await findRateCard(em, workspaceId, id)
    await em.execute('delete from rate_cards where workspace_id = ? and id = ?', [workspaceId, id])
    await tell(em, workspaceId, 'rate-card.deleted', { rateCard: id, name, by })
  })
}

export async function findRateCard(em: Em, workspaceId: string, id: string): Promise<RateCardRow> {
  const [row] = await em.execute<RateCardRow[]>(
    `select ${columns} from rate_cards where workspace_id = ? and id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `there is no rate card ${id}`)
  return row
}

/** Newest first. */
export async function listRateCards(
  em: Em,
  { workspaceId, before, limit }: { workspaceId: string; before?: string | undefined; limit: number },
): Promise<RateCardRow[]> {
  return em.execute<RateCardRow[]>(
    `select ${columns} from rate_cards where workspace_id = ? and (?::uuid is null or id < ?) order by id desc limit ?`,
    [workspaceId, before ?? null, before ?? null, limit],
  )
}

function valuesOf(card: RateCardInput) {
  const { name, currency, effectiveFrom, effectiveUntil, freeInWindow, rates } = card
  return [name, currency, effectiveFrom, effectiveUntil, JSON.stringify(freeInWindow), JSON.stringify(rates)]
}

async function tell(
  em: Em,
  workspaceId: string,
  kind: string,
  data: { rateCard: string; name: string; by: string },
): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}
