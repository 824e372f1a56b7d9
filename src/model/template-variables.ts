import type { ParameterFormat, TemplateBody, TemplateHeader } from './template-components.ts'

export interface Placement {
  /** `1`, `first_name`, or whatever stands between the braces. */
  name: string
  start: number
  end: number
}

const variable = /\{\{([^{}]*)\}\}/g

export function placementsOf(text: string): Placement[] {
  return [...text.matchAll(variable)].map((match) => ({
    name: (match[1] ?? '').trim(),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Names in the order of their first use: the order in which WhatsApp wants positional values. */
export function variablesOf(text: string | undefined): string[] {
  return [...new Set(placementsOf(text ?? '').map(({ name }) => name))]
}

/** Puts values in; a variable without one stays as it is written. */
export function fillVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(variable, (whole, raw: string) => {
    const name = raw.trim()
    return Object.hasOwn(values, name) ? (values[name] ?? whole) : whole
  })
}

/** The samples of a text's variables, by name. */
export function samplesOf(
  part: TemplateHeader | TemplateBody,
  format: ParameterFormat,
): Record<string, string> {
  const { positional, named } = listSamples(part)
  if (format === 'NAMED') return Object.fromEntries(named.map((one) => [one.param_name, one.example]))
  return Object.fromEntries(positional.map((value, at) => [String(at + 1), value]))
}

function listSamples(part: TemplateHeader | TemplateBody) {
  if (part.type === 'HEADER') {
    const { header_text, header_text_named_params } = part.example ?? {}
    return { positional: header_text ?? [], named: header_text_named_params ?? [] }
  }
  const { body_text, body_text_named_params } = part.example ?? {}
  return { positional: body_text?.[0] ?? [], named: body_text_named_params ?? [] }
}
