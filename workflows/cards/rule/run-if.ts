import { z } from 'zod'
import { journeyProblems } from '../../../src/model/condition-problems.ts'
import { conditionSchema } from '../../../src/model/conditions.ts'
import { defineCard } from '../card.ts'
import { fillConditions } from '../fill-conditions.ts'

export const runIf = defineCard({
  type: 'run-if',
  group: 'rule',
  label: 'Run if',
  icon: 'branch',
  settings: z.object({
    branches: z
      .array(
        z.object({
          id: z.string().regex(/^[\w-]{1,64}$/),
          label: z.string().max(100).optional(),
          condition: conditionSchema,
        }),
      )
      .min(1)
      .max(20)
      .meta({ title: 'Branches', description: 'The first that holds is taken' }),
  }),
  outlets: ({ branches }) => [
    ...branches.map(({ id, label }) => ({ id: `branch:${id}`, label: label ?? id })),
    { id: 'else', label: 'Else' },
  ],
  check: ({ branches }) => {
    const ids = new Set(branches.map((branch) => branch.id))
    const problems = branches
      .flatMap(({ condition }, at) => journeyProblems(condition, `branches.${at}.condition`))
      .map(({ field, message }): [string, string] => [field, message])
    return ids.size < branches.length
      ? [['branches', 'two branches have the same id'], ...problems]
      : problems
  },
  run: async (context, { branches }) => {
    const conditions = branches.map(({ condition }) => condition)
    const branch = branches[await context.judge(await fillConditions(context, conditions))]
    return branch ? `branch:${branch.id}` : 'else'
  },
})
