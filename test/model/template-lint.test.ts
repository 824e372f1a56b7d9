import type { TemplateContent } from '../../src/model/template-components.ts'
import { lintTemplate, templateRules } from '../../src/model/template-lint.ts'
import { buttonCases } from './template-cases/buttons.ts'
import { type Cases, template } from './template-cases/build.ts'
import { specialCases } from './template-cases/special.ts'
import { variableCases } from './template-cases/variables.ts'
import { wordCases } from './template-cases/words.ts'

const cases: Record<string, Cases> = { ...wordCases, ...variableCases, ...buttonCases, ...specialCases }

test('there are more than forty rules, each named once, each with words and cases', () => {
  const ids = templateRules.map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(40)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Object.keys(cases).toSorted()).toEqual(ids.toSorted())
  for (const { id, title, why } of templateRules) {
    expect([id, title.length > 5, why.length > 20]).toEqual([id, true, true])
    expect([id, cases[id]?.pass.length === 0, cases[id]?.fail.length === 0]).toEqual([id, false, false])
  }
})

describe.each(templateRules.map(({ id }) => id))('%s', (id) => {
  const { pass = [], fail = [], beside } = cases[id] ?? {}
  const found = (content: TemplateContent) => lintTemplate(content, beside).filter(({ rule }) => rule === id)
  test.each(pass.map((content, at) => [at, content] as const))('lets pass case %i', (_at, content) => {
    expect(found(content)).toEqual([])
  })
  test.each(fail.map((content, at) => [at, content] as const))('finds case %i', (_at, content) => {
    const problems = found(content)
    expect(problems.length).toBeGreaterThan(0)
    for (const { field, message } of problems) {
      expect(field).toMatch(/^(?:name|language|parameterFormat|components(?:\.\w+)*)$/)
      expect(message).not.toMatch(/undefined|^[A-Z]/)
    }
  })
})

test('a good template has nothing against it, and errors come before advice', () => {
  expect(lintTemplate(template())).toEqual([])
  const severities = lintTemplate(
    template({ name: 'test', components: [{ type: 'BODY', text: '{{1}}' }] }),
  ).map(({ severity }) => severity)
  expect(severities).toEqual(
    severities.toSorted((a, b) => 'ewh'.indexOf(a[0] ?? '') - 'ewh'.indexOf(b[0] ?? '')),
  )
  expect(severities).toContain('error')
  expect(severities).toContain('warning')
})
