import type { CampaignButton } from './campaign-definition.ts'
import type { FieldError } from './errors.ts'
import type { TemplateButton, TemplateComponent } from './template-components.ts'
import type { ButtonValues, TemplateValues } from './template-values.ts'
import { variableKey } from './variable-key.ts'

/** What a button of a message does, as whoever writes it says it. */
export type QuickButton = { text: string } & (
  | { type: 'input'; input: string }
  | { type: 'journey'; journeyId: string }
  | { type: 'phone'; phoneNumber: string }
  | { type: 'url'; url: string }
)
export interface QuickMessage {
  /** `{group.variable}` is a variable; every other brace is a brace. */
  message: string
  buttons: QuickButton[]
  /** A link to a picture above the text, and WhatsApp's handle of the sample. */
  image?: { link: string; handle: string } | undefined
  /** What counted links begin with. */
  linkBase: string
}
export interface QuickTemplate {
  components: TemplateComponent[]
  values: TemplateValues
  actions: CampaignButton[]
  /** Which of the given buttons each of the template's is. */
  order: number[]
}

/** Two names with a dot between them: of the group, and of the variable. */
const variable = /\{([^{}.]{1,200})\.([^{}]{1,200})\}/g

/** What cannot be said so, or go together. WhatsApp's own limits are the linter's to say. */
export function quickMessageProblems({
  message,
  buttons,
}: Pick<QuickMessage, 'message' | 'buttons'>): FieldError[] {
  return [
    ...numbersIn('message', message),
    ...buttons.flatMap((button, at) => [
      ...(button.type === 'url' ? numbersIn(`buttons.${at}.url`, button.url) : []),
      ...[...button.text.matchAll(variable)].map(([name]) => ({
        field: `buttons.${at}.text`,
        message: `is the same for everybody: it cannot hold ${name}`,
      })),
    ]),
    ...buttonsApart(buttons),
  ]
}

/** WhatsApp would take them for variables of the template, and ours have these numbers already. */
function numbersIn(field: string, text: string): FieldError[] {
  return [...text.matchAll(/\{\{[^{}.]*\}\}/g)].map(([name]) => ({
    field,
    message: `${name} is no variable here: write {group.variable}`,
  }))
}

function buttonsApart(buttons: QuickButton[]): FieldError[] {
  const phone = buttons.findIndex(({ type }) => type === 'phone')
  if (phone < 0) return []
  return buttons.flatMap(({ type }, at) =>
    type === 'input' || type === 'journey'
      ? [
          {
            field: `buttons.${at}`,
            message: `button ${at}: ${type} cannot be combined with the phone button ${phone}`,
          },
        ]
      : [],
  )
}

/** The template that a message becomes, the values that fill it for each contact, and what its buttons do. */
export function toQuickTemplate({ message, buttons, image, linkBase }: QuickMessage): QuickTemplate {
  const body = toVariables(message)
  const placed = groupReplies(buttons)
  const made = placed.map(({ button }, at) => toButton(button, at, linkBase))
  const values = Object.fromEntries(
    made.flatMap(({ value }, at) => (value ? [[String(at), value] as const] : [])),
  )
  return {
    components: [
      ...(image
        ? [{ type: 'HEADER' as const, format: 'IMAGE' as const, example: { header_handle: [image.handle] } }]
        : []),
      {
        type: 'BODY',
        text: body.text,
        ...(body.names.length > 0 && { example: { body_text: [body.names.map(({ sample }) => sample)] } }),
      },
      ...(made.length > 0 ? [{ type: 'BUTTONS' as const, buttons: made.map(({ button }) => button) }] : []),
    ],
    values: {
      ...(image && { media: { link: image.link } }),
      ...(body.names.length > 0 && {
        body: Object.fromEntries(body.names.map(({ path }, at) => [String(at + 1), `{{${path}}}`])),
      }),
      ...(Object.keys(values).length > 0 && { buttons: values }),
    },
    actions: made.flatMap(({ action }) => action ?? []),
    order: placed.map(({ at }) => at),
  }
}

/** What whoever wrote the message calls a part of the template: `components.1.buttons.0.text` is `buttons.2.text`. */
export function quickFieldOf({ components, order }: QuickTemplate, field: string): string {
  const [, component, button, rest = ''] =
    /^components\.(\d+)(?:\.buttons\.(\d+)(?:\.(\w+))?)?/.exec(field) ?? []
  const type = components[Number(component)]?.type
  if (type === 'BODY') return 'message'
  if (type === 'HEADER') return 'image'
  if (type !== 'BUTTONS') return field
  if (button === undefined) return 'buttons'
  const names: Record<string, string> = { phone_number: 'phoneNumber', example: 'url' }
  return [`buttons.${order[Number(button)] ?? button}`, ...(rest ? [names[rest] ?? rest] : [])].join('.')
}

interface Named {
  path: string
  sample: string
}

/** The same variable twice is one of the template's. */
function toVariables(text: string): { text: string; names: Named[] } {
  const names: Named[] = []
  const numbered = text.replace(variable, (_whole, group: string, name: string) => {
    const path = `groups.${variableKey(group)}.${variableKey(name)}`
    const known = names.findIndex((each) => each.path === path)
    if (known < 0) names.push({ path, sample: name.trim() })
    return `{{${known < 0 ? names.length : known + 1}}}`
  })
  return { text: numbered, names }
}

/** WhatsApp takes quick replies in one piece only. */
function groupReplies(given: QuickButton[]): { button: QuickButton; at: number }[] {
  const buttons = given.map((button, at) => ({ button, at }))
  const isReply = ({ button: { type } }: { button: QuickButton }) => type === 'input' || type === 'journey'
  const first = buttons.findIndex(isReply)
  if (first < 0) return buttons
  const before = buttons.slice(0, first)
  const rest = buttons.slice(first)
  return [...before, ...rest.filter(isReply), ...rest.filter((button) => !isReply(button))]
}

interface Made {
  button: TemplateButton
  value?: ButtonValues
  action?: CampaignButton
}

function toButton(button: QuickButton, index: number, linkBase: string): Made {
  const { text } = button
  switch (button.type) {
    case 'input':
      return {
        button: { type: 'QUICK_REPLY', text },
        action: { type: 'input', index, input: button.input },
      }
    case 'journey':
      return {
        button: { type: 'QUICK_REPLY', text },
        action: { type: 'journey', index, journeyId: button.journeyId },
      }
    case 'phone':
      return { button: { type: 'PHONE_NUMBER', text, phone_number: button.phoneNumber } }
    case 'url':
      return toLink(button.url, text, index, linkBase)
  }
}

/** WhatsApp lets an address end in one variable; one that is made otherwise goes by a counted link of ours. */
function toLink(url: string, text: string, index: number, linkBase: string): Made {
  const { text: numbered, names } = toVariables(url)
  if (names.length === 0) return { button: { type: 'URL', text, url } }
  const [first] = names
  const fixed = numbered.slice(0, -'{{1}}'.length)
  if (first && names.length === 1 && numbered.endsWith('{{1}}') && /^https?:\/\/[^/{}]+\/[^{}]*$/.test(fixed))
    return {
      button: { type: 'URL', text, url: numbered, example: [`${fixed}${first.sample}`] },
      value: { suffix: `{{${first.path}}}` },
    }
  const whole = numbered.replace(
    /\{\{(\d+)\}\}/g,
    (_all, at: string) => `{{${names[Number(at) - 1]?.path ?? ''}}}`,
  )
  return {
    button: { type: 'URL', text, url: `${linkBase}{{1}}`, example: [`${linkBase}sample`] },
    action: { type: 'url', index, url: whole },
  }
}

/** The texts of a filled-in template as they were written: `{group.variable}` in place of WhatsApp's numbers. */
export function fromQuickTemplate(text: string, values: Readonly<Record<string, string>> = {}): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (whole, raw: string) => {
    const name = raw.trim()
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    return value === undefined ? whole : toWritten(value)
  })
}

/** `{{groups.users.name}}` as it was written. */
export function toWritten(value: string): string {
  return value.replace(/\{\{\s*groups\.([\w-]+\.[\w-]+)\s*\}\}/g, '{$1}')
}
