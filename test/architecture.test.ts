import { readProject } from './support/architecture/read-project.ts'
import { rules } from './support/architecture/rules.ts'
import { parseSource } from './support/architecture/source-file.ts'
import { type Example, examples } from './support/architecture/examples.ts'
import { savedHistories } from './support/histories.ts'

const project = readProject()
const laws = rules(savedHistories().map(({ workflowType }) => workflowType))

describe('the project keeps to it:', () => {
  test.each(laws)('$name', ({ check }) => {
    expect(check(project)).toEqual([])
  })
})

// A rule that cannot fail is no rule: each is shown what breaks it, and what comes close and does not.
describe('the rule notices:', () => {
  const shown = rules(['recorded'])
  const checkExample = (rule: string, files: Example['breaks']) =>
    shown
      .find(({ name }) => name === rule)
      ?.check(Object.entries(files).map(([path, text]) => parseSource(path, text)))

  test.each(examples)('$rule: $says', ({ rule, breaks, says }) => {
    const violations = checkExample(rule, breaks)
    expect(violations).toHaveLength(1)
    expect(violations?.[0]).toMatch(says)
  })
  test.each(examples.filter(({ keeps }) => keeps))(
    '$rule: $says, and not its neighbour',
    ({ rule, keeps = {} }) => {
      expect(checkExample(rule, keeps)).toEqual([])
    },
  )
  test('each rule has an example', () => {
    expect(new Set(examples.map(({ rule }) => rule))).toEqual(new Set(shown.map(({ name }) => name)))
  })
})
