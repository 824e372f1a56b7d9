import { type LintFinding, type TemplateRule, textRule, when } from './template-rule.ts'
import type { TextPart } from './template-parts.ts'
import { placementsOf, variablesOf } from './template-variables.ts'

const places: TextPart['place'][] = ['header', 'body', 'card']

export const variableRules: TemplateRule[] = [
  textRule(
    {
      id: 'variable-braces',
      severity: 'error',
      title: 'Variables in two braces on each side',
      why: 'A brace too few or too many makes it plain text: customers would read {{1}.',
    },
    ['header', 'body', 'footer', 'card'],
    ({ text }) => {
      const rest = text.replace(/\{\{[^{}]*\}\}/g, '')
      return /\{\{|\}\}|\{\s*\d+\s*\}/.test(rest) || /\{\{\s*\}\}/.test(text)
        ? 'has braces that do not make a variable like {{1}}'
        : undefined
    },
  ),
  textRule(
    {
      id: 'variable-name',
      severity: 'error',
      title: 'Variables named as their format says',
      why: 'Positional ones are numbers; named ones are lower-case letters, digits and underscores.',
    },
    places,
    ({ text }, { template }) => {
      const isNamed = template.parameterFormat === 'NAMED'
      const right = isNamed ? /^[a-z][a-z0-9_]*$/ : /^\d+$/
      const wrong = variablesOf(text).filter((name) => !right.test(name) && name !== '')
      if (wrong.length === 0) return undefined
      const list = wrong.map((name) => `{{${name}}}`).join(', ')
      return `${list}: ${isNamed ? 'names are lower-case letters, digits and _' : 'positional variables are numbers'}`
    },
  ),
  {
    id: 'variable-mixed',
    severity: 'error',
    title: 'Only numbers or only names',
    why: 'WhatsApp takes {{1}} or {{first_name}} in a template, never both.',
    check: ({ texts, template }) => {
      const all = texts.flatMap(({ text }) => variablesOf(text))
      const numbers = all.filter((name) => /^\d+$/.test(name)).length
      return when(
        numbers > 0 && numbers < all.length,
        'parameterFormat',
        `is ${template.parameterFormat}, but the texts mix numbers and names`,
      )
    },
  },
  textRule(
    {
      id: 'variable-numbering',
      severity: 'error',
      title: 'Numbers from 1 without a gap, in order',
      why: 'WhatsApp fills {{1}}, {{2}}, {{3}} by their place; each text counts from 1.',
    },
    places,
    ({ text }, { template }) => {
      if (template.parameterFormat === 'NAMED') return undefined
      const names = variablesOf(text)
      const isWrong = names.some((name, at) => name !== String(at + 1))
      return isWrong && names.every((name) => /^\d+$/.test(name))
        ? `uses ${names.map((name) => `{{${name}}}`).join(', ')}; number them from {{1}} in the order they stand`
        : undefined
    },
  ),
  textRule(
    {
      id: 'variable-first',
      severity: 'error',
      title: 'No variable at the start',
      why: 'WhatsApp refuses bodies that begin with a variable (subcode 2388299).',
    },
    ['body', 'card'],
    ({ text }) => (/^\s*\{\{[^{}]*\}\}/.test(text) ? 'begins with a variable' : undefined),
  ),
  textRule(
    {
      id: 'variable-last',
      severity: 'error',
      title: 'No variable at the end',
      why: 'WhatsApp refuses bodies that end with a variable (subcode 2388299).',
    },
    ['body', 'card'],
    // A full stop behind it does not help.
    ({ text }) => (/\{\{[^{}]*\}\}[\s.!?,;:…।。]*$/u.test(text) ? 'ends with a variable' : undefined),
  ),
  textRule(
    {
      id: 'variable-adjacent',
      severity: 'error',
      title: 'Words between variables',
      why: 'Reviewers cannot tell what {{1}} {{2}} will say.',
    },
    places,
    ({ text }) => (/\}\}\s*\{\{/.test(text) ? 'has variables with nothing between them' : undefined),
  ),
  textRule(
    {
      id: 'variable-ratio',
      severity: 'error',
      title: 'More words than variables',
      why: 'A body of n variables needs at least 2n + 1 words of its own (subcode 2388293).',
    },
    ['body'],
    ({ text }, { template }) => {
      const count = placementsOf(text).length
      const words = countWords(text.replace(/\{\{[^{}]*\}\}/g, ' '), template.language)
      return count > 0 && words < 2 * count + 1
        ? `has ${count} variables but only ${words} words of its own; ${2 * count + 1} are needed`
        : undefined
    },
  ),
  textRule(
    {
      id: 'header-one-variable',
      severity: 'error',
      title: 'At most one variable in a header',
      why: "It is WhatsApp's limit.",
    },
    ['header'],
    ({ text }) => {
      const { length } = placementsOf(text)
      return length > 1 ? `holds ${length} variables` : undefined
    },
  ),
  textRule(
    {
      id: 'footer-variable',
      severity: 'error',
      title: 'No variable in the footer',
      why: 'WhatsApp refuses them there.',
    },
    ['footer'],
    ({ text }) => (placementsOf(text).length > 0 ? 'holds a variable' : undefined),
  ),
  {
    id: 'sample-missing',
    severity: 'error',
    title: 'A sample for every variable',
    why: 'Reviewers must see what goes into it; WhatsApp refuses texts without samples.',
    check: ({ texts }) =>
      texts.flatMap((part) => {
        if (part.place === 'footer') return []
        const bare = variablesOf(part.text).filter((name) => !sampleOf(part, name).trim())
        return when(
          bare.length > 0,
          exampleField(part),
          `has no sample for ${bare.map((name) => `{{${name}}}`).join(', ')}`,
        )
      }),
  },
  {
    id: 'sample-surplus',
    severity: 'warning',
    title: 'No sample without a variable',
    why: 'Usually a variable was renamed or removed and its sample stayed.',
    check: ({ texts }) =>
      texts.flatMap((part) => {
        const names = variablesOf(part.text)
        const surplus = Object.keys(part.samples).filter((name) => !names.includes(name))
        const list = surplus.map((name) => `{{${name}}}`).join(', ')
        return when(
          surplus.length > 0,
          exampleField(part),
          `has samples for ${list}, which the text does not use`,
        )
      }),
  },
  eachSample(
    {
      id: 'sample-is-variable',
      severity: 'error',
      title: 'Samples are values',
      why: 'A sample like {{1}} shows reviewers nothing.',
    },
    (value) => (/\{\{|\}\}/.test(value) ? 'is a variable itself' : undefined),
  ),
  eachSample(
    {
      id: 'sample-breaks',
      severity: 'error',
      title: 'Samples on one line',
      why: 'Values may hold neither line breaks nor tabs nor more than four spaces in a row, samples neither.',
    },
    (value) =>
      /[\n\r\t]| {5,}/.test(value) ? 'holds a line break, a tab or more than four spaces' : undefined,
  ),
  eachSample(
    {
      id: 'sample-telling',
      severity: 'warning',
      title: 'Samples that look real',
      why: '"xxx", "text" or "variable 1" do not tell reviewers what will stand there.',
    },
    (value) =>
      /^(?:x+|\.+|-+|test|text|sample|example|string|value|var(?:iable)?[ _]?\d*|lorem.*|abc|asdf|foo|bar)$/i.test(
        value.trim(),
      )
        ? 'does not show what will stand there'
        : undefined,
  ),
]

function eachSample(
  rule: Omit<TemplateRule, 'check'>,
  judge: (value: string) => string | undefined,
): TemplateRule {
  const check = (part: TextPart): LintFinding[] =>
    Object.entries(part.samples).flatMap(([name, value]) => {
      const problem = judge(value)
      return problem === undefined
        ? []
        : [{ field: exampleField(part), message: `the sample of {{${name}}} ${problem}` }]
    })
  return { ...rule, check: ({ texts }) => texts.flatMap(check) }
}

function exampleField({ field }: TextPart): string {
  return field.replace(/text$/, 'example')
}

function sampleOf({ samples }: TextPart, name: string): string {
  return Object.hasOwn(samples, name) ? (samples[name] ?? '') : ''
}

/** Chinese, Japanese, Thai … write without spaces: two characters count as a word there. */
function countWords(text: string, language: string): number {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (!/^(?:zh|ja|th|lo|km|my)/.test(language)) return words.length
  return Math.floor(words.join('').length / 2)
}
