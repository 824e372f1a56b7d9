import { z } from 'zod'
import { readPath } from '../../../src/model/json.ts'
import { CardFailure, defineCard, failed, next } from '../card.ts'

const name = /^(?!__proto__$)[A-Za-z_]\w{0,99}$/
const settingsSchema = z.object({
  code: z.string().min(1).max(20_000).meta({
    title: 'JavaScript',
    widget: 'code',
    description:
      'Sees `contact`, `vars` and `event`; the object that it returns becomes variables. No network, 250 ms, 64 MB',
  }),
  outputs: z
    .array(
      z.object({
        from: z
          .string()
          .min(1)
          .max(200)
          .meta({ description: 'a path into what is returned: `total.amount`' }),
        variable: z.string().regex(name, 'must be a name of letters, digits and _'),
      }),
    )
    .max(50)
    .default([])
    .meta({
      title: 'Variables',
      description: 'Empty: every returned property becomes the variable of its name',
    }),
})

/** Runs JavaScript in a sandbox and keeps what it returns. */
export const customScript = defineCard<z.output<typeof settingsSchema>>({
  type: 'custom-script',
  group: 'utility',
  label: 'Custom script',
  icon: 'code',
  settings: settingsSchema,
  outlets: () => [next, failed],
  refers: ({ code }) => [{ kind: 'script', code, field: 'code' }],
  run: async (context, { code, outputs }) => {
    const { vars } = context
    const returned = await context.perform('runScript', { code, vars })
    const entries =
      outputs.length > 0
        ? outputs.map(({ from, variable }) => [variable, readPath(returned, from) ?? null] as const)
        : Object.entries(returned)
    const wrong = entries.find(([variable]) => !name.test(variable))
    if (wrong) throw new CardFailure('script_failed', `"${wrong[0]}" is no name for a variable`)
    for (const [variable, value] of entries) context.set(variable, value)
    return next.id
  },
})
