import type { TemplateButton } from './template-components.ts'
import { allButtons, type Located, type TemplateParts } from './template-parts.ts'
import { type LintFinding, lengthOf, type TemplateRule, when } from './template-rule.ts'
import { holdsEmoji } from './template-rules-text.ts'

/** WhatsApp labels these itself. */
const labelled = new Set<TemplateButton['type']>(['COPY_CODE', 'OTP'])

export const buttonRules: TemplateRule[] = [
  eachButton(
    {
      id: 'button-text-required',
      severity: 'error',
      title: 'Every button has a label',
      why: 'Only copy-code and one-time-password buttons are labelled by WhatsApp itself.',
    },
    ({ value }) => (!labelled.has(value.type) && !value.text?.trim() ? ['text', 'is empty'] : undefined),
  ),
  eachButton(
    {
      id: 'button-text-length',
      severity: 'error',
      title: 'Labels of at most 25 characters',
      why: "It is WhatsApp's limit.",
    },
    ({ value }) => {
      const length = lengthOf(value.text ?? '')
      return length > 25 ? ['text', `is ${length} characters long; 25 are allowed`] : undefined
    },
  ),
  eachButton(
    {
      id: 'button-text-short',
      severity: 'hint',
      title: 'Labels of at most 20 characters',
      why: 'Small screens cut longer ones off.',
    },
    ({ value }) => {
      const length = lengthOf(value.text ?? '')
      return length > 20 ? ['text', `is ${length} characters long; 20 fit everywhere`] : undefined
    },
  ),
  eachButton(
    {
      id: 'button-text-plain',
      severity: 'error',
      title: 'Labels of plain words',
      why: 'Buttons can hold neither variables nor line breaks nor emoji nor formatting signs.',
    },
    ({ value: { text = '' } }) =>
      /\{\{|\}\}|[\n\r\t*~`]/.test(text) || holdsEmoji(text)
        ? ['text', 'holds a variable, a line break, an emoji or a formatting sign']
        : undefined,
  ),
  eachButton(
    {
      id: 'button-type-known',
      severity: 'error',
      title: 'Buttons of a known kind',
      why: 'A button that came from elsewhere and is not known here cannot be submitted again.',
    },
    ({ value }) => (value.type === 'OTHER' ? ['type', 'is of a kind that is not known here'] : undefined),
  ),
  {
    id: 'button-count',
    severity: 'error',
    title: 'At most ten buttons',
    why: "It is WhatsApp's limit.",
    check: ({ buttons, template }) =>
      when(
        buttons.length > 10 ||
          template.components.some((one) => one.type === 'BUTTONS' && one.buttons.length === 0),
        fieldOfAll(buttons),
        buttons.length === 0 ? 'holds none' : `holds ${buttons.length}; 10 are allowed`,
      ),
  },
  atMost('button-url-count', 'URL', 2, 'links'),
  atMost('button-phone-count', 'PHONE_NUMBER', 1, 'phone buttons'),
  atMost('button-code-count', 'COPY_CODE', 1, 'copy-code buttons'),
  atMost('button-flow-count', 'FLOW', 1, 'Flow buttons'),
  {
    id: 'button-grouped',
    severity: 'error',
    title: 'Quick replies stand together',
    why: 'Quick replies and other buttons form two groups; WhatsApp refuses them interleaved.',
    check: (parts) =>
      rows(parts).flatMap((buttons) => {
        const kinds = buttons.map(({ value }) => value.type === 'QUICK_REPLY')
        const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length
        return when(changes > 1, fieldOfAll(buttons), 'mixes quick replies and other buttons; group them')
      }),
  },
  {
    id: 'button-duplicate',
    severity: 'error',
    title: 'No two buttons with the same label',
    why: 'WhatsApp refuses them, and a reply could not be told from the other.',
    check: (parts) =>
      rows(parts).flatMap((buttons) => {
        const labels = buttons.map(({ value }) => value.text?.trim().toLowerCase() ?? '')
        return buttons.flatMap(({ field }, at) =>
          when(
            labels[at] !== '' && labels.indexOf(labels[at] ?? '') < at,
            `${field}.text`,
            'is the label of another button too',
          ),
        )
      }),
  },
  {
    id: 'button-crowd',
    severity: 'hint',
    title: 'At most three buttons',
    why: 'From the fourth on they hide behind "See all options".',
    check: ({ buttons }) => when(buttons.length > 3, fieldOfAll(buttons), `holds ${buttons.length}`),
  },
  {
    id: 'button-alone',
    severity: 'error',
    title: 'Catalog and product buttons stand alone',
    why: 'A template with a catalog, a product list or a single product takes no further button.',
    check: ({ buttons }) => {
      const shop = buttons.find(({ value }) => ['CATALOG', 'MPM', 'SPM'].includes(value.type))
      return when(
        shop !== undefined && buttons.length > 1,
        shop?.field ?? '',
        `a ${shop?.value.type ?? ''} button must be the only one`,
      )
    },
  },
  eachButton(
    {
      id: 'button-flow',
      severity: 'error',
      title: 'A Flow button names its Flow',
      why: 'WhatsApp needs the id, the name or the JSON of the Flow.',
    },
    ({ value }) =>
      value.type === 'FLOW' && !value.flow_id && !value.flow_name && !value.flow_json
        ? ['flow_id', 'is missing, and so are flow_name and flow_json']
        : undefined,
  ),
  eachButton(
    {
      id: 'button-code-sample',
      severity: 'error',
      title: 'A sample of the code that is copied',
      why: 'WhatsApp wants one of at most 15 characters.',
    },
    ({ value }) => {
      if (value.type !== 'COPY_CODE') return undefined
      const sample = Array.isArray(value.example) ? value.example[0] : value.example
      if (!sample?.trim()) return ['example', 'is missing']
      return lengthOf(sample) > 15
        ? ['example', `is ${lengthOf(sample)} characters long; 15 are allowed`]
        : undefined
    },
  ),
  eachButton(
    {
      id: 'phone-format',
      severity: 'error',
      title: 'Phone numbers with a country code',
      why: 'Only +, country code and number work from everywhere; WhatsApp takes at most 20 characters.',
    },
    ({ value }) => {
      if (value.type !== 'PHONE_NUMBER') return undefined
      const number = value.phone_number ?? ''
      return /^\+[1-9]\d{6,14}$/.test(number.replace(/[\s().-]/g, '')) && number.length <= 20
        ? undefined
        : ['phone_number', 'is no number in the form +15551234567']
    },
  ),
]

function eachButton(
  rule: Omit<TemplateRule, 'check'>,
  judge: (button: Located<TemplateButton>) => [key: string, message: string] | undefined,
): TemplateRule {
  const check = (button: Located<TemplateButton>): LintFinding[] => {
    const found = judge(button)
    return found ? [{ field: `${button.field}.${found[0]}`, message: found[1] }] : []
  }
  return { ...rule, check: (parts) => allButtons(parts).flatMap(check) }
}

function atMost(id: string, type: TemplateButton['type'], limit: number, what: string): TemplateRule {
  return {
    id,
    severity: 'error',
    title: `At most ${limit} ${what}`,
    why: "It is WhatsApp's limit.",
    check: ({ buttons }) => {
      const found = buttons.filter(({ value }) => value.type === type)
      return when(
        found.length > limit,
        found[limit]?.field ?? '',
        `is one ${type} too many; ${limit} allowed`,
      )
    },
  }
}

/** The message's buttons and those of each card: each row is judged by itself. */
function rows({ buttons, cards }: TemplateParts): Located<TemplateButton>[][] {
  return [buttons, ...(cards ?? []).map((card) => card.buttons)]
}

function fieldOfAll(buttons: Located<TemplateButton>[]): string {
  return buttons[0]?.field.replace(/\.\d+$/, '') ?? 'components'
}
