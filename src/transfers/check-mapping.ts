import { listDefinitions } from '../contacts/attribute-definitions.ts'
import type { Em } from '../db/orm.ts'
import { dateFormatProblem } from '../model/attribute-text.ts'
import { attributeNameProblem, isWritableAttribute, systemAttributes } from '../model/contact-attributes.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import type { FileDescription } from './describe-file.ts'
import type { Mapping, Target } from './import-mapping.ts'
import { readCountry } from './read-phone.ts'

/** A mapping that was found right, with what its rows are read by. */
export interface ImportPlan extends Mapping {
  /** By the number of the column. */
  targets: (Target & { at: number })[]
  /** Of the custom attributes that it names. */
  types: Record<string, AttributeType>
  /** What is declared when the import starts. */
  declares: { name: string; type: AttributeType; label?: string | undefined }[]
  /** Business-scoped ids name a person within one portfolio only. */
  portfolioId: string
}

/** Checks a mapping against the file and the workspace; refuses with every wrong column named. */
export async function checkMapping(
  em: Em,
  workspaceId: string,
  file: FileDescription,
  mapping: Mapping,
): Promise<ImportPlan> {
  const known = new Map((await listDefinitions(em, workspaceId)).map(({ name, type }) => [name, type]))
  const fields: FieldError[] = []
  const types: ImportPlan['types'] = {}
  const declares: ImportPlan['declares'] = []
  const targets = mapping.columns.map((target, index) => {
    const at = file.columns.findIndex(({ name }) => name === target.column)
    const say = (message: string) =>
      fields.push({ field: `columns.${index}`, message: `column "${target.column}" ${message}` })
    if (at < 0) say(`is not in the file; there are ${listed(file.columns.map(({ name }) => name))}`)
    if (target.to === 'attribute') {
      const problem = attributeProblem(target, known)
      if (problem) say(problem)
      const type = known.get(target.name) ?? target.create?.type
      if (type && !isWritableAttribute(target.name)) types[target.name] = type
      if (target.create && !known.has(target.name))
        declares.push({ name: target.name, type: target.create.type, label: target.create.label })
    }
    return { ...target, at }
  })
  fields.push(...problemsTogether(mapping), ...(await segmentProblems(em, workspaceId, mapping)))
  const portfolioId = await portfolioOf(em, workspaceId, mapping, fields)
  if (fields.length === 0) return { ...mapping, targets, types, declares, portfolioId }
  throw new AppError('invalid_input', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    fields,
  })
}

function attributeProblem(
  target: Target & { to: 'attribute' },
  known: ReadonlyMap<string, AttributeType>,
): string | undefined {
  const { name, create, dateFormat } = target
  const format = dateFormat === undefined ? undefined : dateFormatProblem(dateFormat)
  if (format) return `has a date format that ${format}`
  if (isWritableAttribute(name)) return create && `becomes "${name}", which every contact has already`
  if (systemAttributes.some((each) => each.name === name))
    return `cannot become "${name}": that is kept by the product`
  const type = known.get(name)
  if (type && create && create.type !== type) return `becomes "${name}", which is declared as ${type} already`
  if (type) return undefined
  if (!create) return `becomes "${name}", which is not declared: declare it, or say "create" with a type`
  const problem = attributeNameProblem(name)
  return problem && `becomes an attribute whose name ${problem}`
}

const once = ['phone_number', 'country_code', 'external_customer_id', 'bsuid', 'email', 'opt_in']

/** What is wrong only because of what else the mapping says. */
function problemsTogether(mapping: Mapping): FieldError[] {
  const { columns, consent, defaultCountry, dateFormat } = mapping
  const fields: FieldError[] = []
  const seen = new Map<string, string>()
  columns.forEach((target, index) => {
    const say = (message: string) =>
      fields.push({ field: `columns.${index}`, message: `column "${target.column}" ${message}` })
    const columnKey = `column ${target.column}`
    if (seen.has(columnKey)) say('is mapped twice')
    seen.set(columnKey, target.column)
    const name = target.to === 'attribute' ? target.name : target.to
    if (target.to !== 'attribute' && !once.includes(target.to)) return
    const other = seen.get(`target ${name}`)
    if (other !== undefined) say(`becomes ${name}, like the column "${other}"`)
    seen.set(`target ${name}`, target.column)
  })
  if (!columns.some(identifies)) {
    const message =
      'map a column that names a person: phone_number, external_customer_id, bsuid, or email with "identifies"'
    fields.push({ field: 'columns', message })
  }
  const hasOptIn = columns.some(({ to }) => to === 'opt_in')
  if (hasOptIn && consent?.from !== 'column')
    fields.push({
      field: 'consent',
      message: 'say where the consent of the opt-in column comes from: {"from": "column", "source": …}',
    })
  if (!hasOptIn && consent?.from === 'column')
    fields.push({ field: 'consent.from', message: 'no column is mapped to opt_in' })
  if (defaultCountry !== undefined && !readCountry(defaultCountry))
    fields.push({ field: 'defaultCountry', message: `"${defaultCountry}" is no country with phone numbers` })
  const format = dateFormat === undefined ? undefined : dateFormatProblem(dateFormat)
  if (format) fields.push({ field: 'dateFormat', message: format })
  return fields
}

function identifies(target: Target): boolean {
  if (target.to === 'email') return target.identifies
  return ['phone_number', 'external_customer_id', 'bsuid'].includes(target.to)
}

async function segmentProblems(em: Em, workspaceId: string, { segmentIds }: Mapping): Promise<FieldError[]> {
  if (segmentIds.length === 0) return []
  const rows = await em.execute<{ id: string; kind: string }[]>(
    `select id, kind from segments where workspace_id = ? and deleted_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(segmentIds)],
  )
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]))
  return segmentIds.flatMap((id, index) => {
    const field = `segmentIds.${index}`
    if (!kinds.has(id)) return [{ field, message: `segment ${id} does not exist` }]
    return kinds.get(id) === 'static'
      ? []
      : [{ field, message: 'is a live segment: its condition decides who belongs to it' }]
  })
}

async function portfolioOf(
  em: Em,
  workspaceId: string,
  mapping: Mapping,
  fields: FieldError[],
): Promise<string> {
  const index = mapping.columns.findIndex(({ to }) => to === 'bsuid')
  const target = mapping.columns[index]
  if (target?.to !== 'bsuid') return ''
  if (target.portfolioId !== undefined) return target.portfolioId
  const rows = await em.execute<{ portfolio_id: string }[]>(
    'select distinct portfolio_id from phone_numbers where workspace_id = ? limit 2',
    [workspaceId],
  )
  if (rows.length !== 1) {
    const message = `column "${target.column}" needs a portfolioId: the numbers are of ${rows.length === 0 ? 'no portfolio' : 'several portfolios'}`
    fields.push({ field: `columns.${index}.portfolioId`, message })
  }
  return rows[0]?.portfolio_id ?? ''
}

function listed(names: string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`)
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ')
}
