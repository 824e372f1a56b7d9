import type { AttributeType } from '../../../src/model/event-attributes.ts'
import type { Attribute, Import, ImportColumn } from '../api/shapes.ts'

/** What goes to the API as the mapping of an import. */
export interface Mapping {
  columns: ImportColumn[]
  defaultCountry?: string | undefined
  existing: 'update' | 'skip'
  emptyCells: 'leave' | 'clear'
  tags: string[]
  segmentIds: string[]
  consent?:
    | { category: string; from?: 'column' | 'all'; source: string; text?: string | undefined }
    | undefined
  journeys?: { for: 'created' | 'changed' | 'all'; ratePerMinute: number } | undefined
}

/** Where it begins: what was mapped before, else what the upload suggested. */
export function startMapping({ columns, mapping }: Import, suggestion: ImportColumn[] | undefined): Mapping {
  const blank: Omit<Mapping, 'columns'> = {
    existing: 'update',
    emptyCells: 'leave',
    tags: [],
    segmentIds: [],
  }
  if (mapping) return { ...blank, ...mapping }
  const ignored = columns.map(({ name }) => ({ column: name, to: 'ignore' }))
  return { ...blank, columns: suggestion ?? ignored }
}

/** As the API takes it: consent may come from a column, or from nowhere else. */
export function finishMapping(mapping: Mapping): Mapping {
  const { consent, defaultCountry } = mapping
  const hasColumn = mapping.columns.some(({ to }) => to === 'opt_in')
  return {
    ...mapping,
    defaultCountry: defaultCountry || undefined,
    consent: consent && { ...consent, from: hasColumn ? 'column' : 'all', text: consent.text || undefined },
  }
}

const creatable: Partial<Record<AttributeType, string>> = {
  string: 'text',
  integer: 'whole number',
  float: 'number',
  boolean: 'yes or no',
  date: 'date',
}

/** What a column may become, for a select. */
export function targetOptions(attributes: Attribute[]) {
  const writable = attributes.filter((each) => each.writable)
  const items = (kind: string) =>
    writable
      .filter((each) => each.kind === kind)
      .map(({ name, label }) => ({ value: `attribute:${name}`, label }))
  return [
    { value: 'ignore', label: 'Leave it out' },
    {
      group: 'Who it is',
      items: [
        { value: 'phone_number', label: 'Phone number' },
        { value: 'external_customer_id', label: 'External id' },
        { value: 'email', label: 'E-mail' },
        { value: 'email:identifies', label: 'E-mail, which names the person' },
        { value: 'country_code', label: 'Country of the phone number' },
        { value: 'bsuid', label: 'WhatsApp user id' },
      ],
    },
    {
      group: 'Attributes',
      items: [...items('custom'), ...items('system').filter(({ value }) => value !== 'attribute:email')],
    },
    {
      group: 'A new attribute',
      items: Object.entries(creatable).map(([type, words]) => ({
        value: `new:${type}`,
        label: `New: ${words}`,
      })),
    },
    {
      group: 'Others',
      items: [
        { value: 'tags', label: 'Tags' },
        { value: 'opt_in', label: 'Opt-in (yes or no)' },
      ],
    },
  ]
}

/** A column's target as the value of its select, and back. */
export function optionOf({ to, name, create, identifies }: ImportColumn): string {
  if (to === 'email') return identifies ? 'email:identifies' : 'email'
  if (to !== 'attribute') return to
  return create ? `new:${create.type}` : `attribute:${name}`
}

export function columnOf(column: string, option: string): ImportColumn {
  const [to = 'ignore', detail = ''] = option.split(':')
  if (to === 'new')
    return { column, to: 'attribute', name: attributeName(column), create: { type: detail as AttributeType } }
  if (to === 'attribute') return { column, to, name: detail }
  return to === 'email' ? { column, to, identifies: detail === 'identifies' } : { column, to }
}

/** `Loyalty points!` as `loyalty_points` */
function attributeName(column: string): string {
  const folded = column
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[a-z]/.test(folded) ? folded : `column_${folded}`
}
