import { unguardFormula } from '../kit/csv.ts'
import { parseAttributeText, parseSystemText } from '../model/attribute-text.ts'
import { isWritableAttribute } from '../model/contact-attributes.ts'
import type { Json } from '../model/json.ts'
import { isBsuid } from '../model/phone.ts'
import type { ImportPlan } from './check-mapping.ts'
import { readAnswer } from './yes-or-no.ts'
import { readCountry, readPhone, type Country } from './read-phone.ts'

/** A row of a file as the contact it speaks of. */
export interface ReadRow {
  waId?: string
  alias?: string
  externalId?: string
  bsuid?: string
  emailKey?: string
  /** Columns of `contacts`; the empty text clears one. */
  system: Record<string, string>
  custom: Record<string, Json>
  /** Custom attributes to be emptied. */
  cleared: string[]
  tags: string[]
  optIn?: boolean
}
/** Why a row is not taken, with the column and the value where one is to blame. */
export interface RowProblem {
  field?: string
  value?: string
  reason: string
}

const maximumCell = 100_000
const shownValue = 200

/** Makes the reader of a plan's rows. A row with one wrong cell is refused whole: half of a person helps nobody. */
export function createRowReader(
  plan: ImportPlan,
  width: number,
): (cells: string[]) => { row: ReadRow } | { problem: RowProblem } {
  const countryAt = plan.targets.find(({ to }) => to === 'country_code')?.at
  const defaultCountry = plan.defaultCountry as Country | undefined
  return (cells) => {
    const shape = shapeProblem(cells, width)
    if (shape) return { problem: shape }
    const row: ReadRow = { system: {}, custom: {}, cleared: [], tags: [] }
    const countryCell = countryAt === undefined ? '' : (cells[countryAt] ?? '').trim()
    const country = countryCell === '' ? defaultCountry : readCountry(countryCell)
    for (const target of plan.targets) {
      const text = clean(cells[target.at] ?? '')
      const reason =
        target.to === 'country_code' && text !== '' && !country
          ? 'is no country code'
          : take(row, target, text, plan, country)
      if (reason !== undefined)
        return { problem: { field: target.column, value: text.slice(0, shownValue), reason } }
    }
    if (row.waId ?? row.externalId ?? row.bsuid ?? row.emailKey) return { row }
    return { problem: { reason: 'nothing names the person: the columns that could are empty' } }
  }
}

function clean(cell: string): string {
  return unguardFormula(cell).trim()
}

function shapeProblem(cells: string[], width: number): RowProblem | undefined {
  const extra = cells.slice(width).some((cell) => cell.trim() !== '')
  if (extra || cells.length < width)
    return { reason: `has ${cells.length} cells where the first row has ${width}` }
  const nul = cells.find((cell) => cell.includes('\0'))
  if (nul !== undefined)
    return { value: nul.replaceAll('\0', '␀').slice(0, shownValue), reason: 'holds a NUL character' }
  const long = cells.find((cell) => cell.length > maximumCell)
  if (long === undefined) return undefined
  return { value: long.slice(0, shownValue), reason: `a cell has more than ${maximumCell} characters` }
}

type PlanTarget = ImportPlan['targets'][number]

/** Puts a cell where it belongs. Returns what is wrong with it. */
function take(
  row: ReadRow,
  target: PlanTarget,
  text: string,
  plan: ImportPlan,
  country: Country | undefined,
): string | undefined {
  if (text === '') return takeNothing(row, target, plan)
  switch (target.to) {
    case 'phone_number': {
      const phone = readPhone(text, country)
      if ('problem' in phone) return phone.problem
      row.waId = phone.waId
      if (phone.alias !== undefined) row.alias = phone.alias
      return undefined
    }
    case 'external_customer_id':
      if (text.length > 200) return 'has more than 200 characters'
      row.externalId = text
      return undefined
    case 'bsuid':
      if (!isBsuid(text)) return 'is no business-scoped user id like US.13491208655302741918'
      row.bsuid = text
      return undefined
    case 'email':
      if (target.identifies) row.emailKey = text.toLowerCase()
      return takeAttribute(row, 'email', text, plan, undefined)
    case 'attribute':
      return takeAttribute(row, target.name, text, plan, target.dateFormat)
    case 'tags':
      return takeTags(row, text, target.separator)
    case 'opt_in': {
      const answer = readAnswer(text)
      if (answer === undefined) return 'is neither yes nor no'
      row.optIn = answer
      return undefined
    }
    case 'country_code':
    case 'ignore':
      return undefined
  }
}

function takeNothing(row: ReadRow, target: PlanTarget, plan: ImportPlan): undefined {
  if (plan.emptyCells === 'leave') return
  const name = target.to === 'email' ? 'email' : target.to === 'attribute' ? target.name : undefined
  if (name === undefined) return
  if (isWritableAttribute(name)) row.system[name] = ''
  else row.cleared.push(name)
}

function takeAttribute(
  row: ReadRow,
  name: string,
  text: string,
  plan: ImportPlan,
  ownFormat: string | undefined,
): string | undefined {
  const format = { dateFormat: ownFormat ?? plan.dateFormat }
  if (isWritableAttribute(name)) {
    const reading = parseSystemText(name, text, format)
    if ('problem' in reading) return reading.problem
    row.system[name] = reading.value
    return undefined
  }
  const type = plan.types[name]
  const reading = type ? parseAttributeText(type, text, format) : { problem: 'is not declared any more' }
  if ('problem' in reading) return reading.problem
  if (JSON.stringify(reading.value).includes('\\u0000')) return 'holds a NUL character'
  row.custom[name] = reading.value
  return undefined
}

function takeTags(row: ReadRow, text: string, separator: string): string | undefined {
  const tags = text.split(separator).flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]))
  if (tags.some((tag) => tag.length > 100)) return 'holds a tag of more than 100 characters'
  if (tags.length > 100) return 'holds more than 100 tags'
  row.tags.push(...tags)
  return undefined
}
