import { templateCategories } from '../../src/model/template-components.ts'
import { lintTemplate } from '../../src/model/template-lint.ts'
import { toTemplate } from '../../src/templates/library/starter.ts'
import { searchLibrary, starters } from '../../src/templates/search-library.ts'
import { withSamples } from './with-samples.ts'

const all = starters.flatMap((starter) =>
  Object.keys(starter.texts).map((language) => ({ name: `${starter.id} ${language}`, starter, language })),
)

test('there are more than sixty, of every category, kind of header and kind of button, in several languages', () => {
  expect(starters.length).toBeGreaterThanOrEqual(60)
  expect(new Set(starters.map(({ id }) => id)).size).toBe(starters.length)
  for (const category of templateCategories) {
    expect([category, starters.filter((one) => one.category === category).length > 4]).toEqual([
      category,
      true,
    ])
  }
  const contents = starters.map((one) => toTemplate(one, 'en'))
  expect(contents).not.toContain(undefined)
  const parts = contents.flatMap((one) => one?.components ?? [])
  const formats = new Set(parts.map((one) => (one.type === 'HEADER' ? one.format : undefined)))
  expect([...formats]).toEqual(expect.arrayContaining(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION']))
  const buttons = new Set(
    parts.flatMap((one) => (one.type === 'BUTTONS' ? one.buttons.map(({ type }) => type) : [])),
  )
  expect([...buttons].toSorted()).toEqual(
    ['CATALOG', 'COPY_CODE', 'FLOW', 'MPM', 'OTP', 'PHONE_NUMBER', 'QUICK_REPLY', 'URL'].toSorted(),
  )
  const types = new Set(parts.map(({ type }) => type))
  expect(types.has('CAROUSEL') && types.has('LIMITED_TIME_OFFER')).toBe(true)
  const spoken = (language: string) => starters.filter(({ texts }) => Object.hasOwn(texts, language)).length
  for (const language of ['es', 'pt_BR']) expect([language, spoken(language) >= 30]).toEqual([language, true])
  for (const language of ['hi', 'id', 'ar'])
    expect([language, spoken(language) >= 15]).toEqual([language, true])
})

test.each(all)('$name is free of errors and warnings', ({ starter, language }) => {
  const content = toTemplate(starter, language)
  if (!content) throw new Error('it has no such language')
  const problems = lintTemplate(withSamples(content)).filter(({ severity }) => severity !== 'hint')
  expect(problems).toEqual([])
  for (const component of content.components) {
    const labels = component.type === 'BUTTONS' ? component.buttons : []
    for (const label of labels)
      if (label.type !== 'COPY_CODE' && label.type !== 'OTP') expect(label.text).toBeTruthy()
  }
})

test('the only thing that some still want is a sample file', () => {
  const rules = all.flatMap(({ starter, language }) => {
    const content = toTemplate(starter, language)
    return content ? lintTemplate(content).filter(({ severity }) => severity !== 'hint') : []
  })
  expect([...new Set(rules.map(({ rule }) => rule))]).toEqual(['media-sample'])
})

test('search finds by every word, category and language', () => {
  const ids = (wish: Parameters<typeof searchLibrary>[0]) => searchLibrary(wish).map(({ id }) => id)
  expect(ids({ search: 'appointment remind' })).toContain('appointment_reminder')
  expect(ids({ search: 'CARRITO' })).toEqual(['cart_reminder'])
  expect(ids({ search: 'otp android' })).toEqual(['login_code_autofill', 'login_code_silent'])
  expect(ids({ search: 'nothing of the kind' })).toEqual([])
  expect(
    new Set(searchLibrary({ category: 'UTILITY', language: 'ar' }).map(({ category }) => category)),
  ).toEqual(new Set(['UTILITY']))
  expect(ids({ language: 'ar' })).not.toContain('item_unavailable')
})
