import { z } from 'zod'
import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { scriptInput } from './run-for-journey.ts'
import { runScript } from './run-script.ts'
import { scriptLimits } from './script-limits.ts'

/** Trying scripts out before a journey runs them. */
export const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/platform/v1/scripts/try',
    tag: 'Journeys',
    auth: 'key',
    summary: 'Run a script in the sandbox, with a real contact or with none',
    description:
      'The script sees `contact`, `vars` and `event` (`vars.event`), and returns an object. 422 `script_failed` says why and in ' +
      'which line, with what was logged before. Nothing is stored.',
    input: {
      body: z.strictObject({
        code: z
          .string()
          .min(1)
          .max(scriptLimits.codeLength)
          .meta({ example: 'return { total: vars.price * vars.count }' }),
        contactId: z.uuid().optional(),
        vars: jsonObjectSchema.default({}),
      }),
    },
    output: z.object({
      output: jsonObjectSchema.meta({ description: 'what it returned: variables by their names' }),
      lines: z.array(z.string()).meta({ description: 'what it logged' }),
    }),
    handle: async ({ deps, actor: { workspaceId }, body: { code, contactId, vars } }) => {
      const em = forkFor(deps.orm, workspaceId)
      const contact = contactId === undefined ? null : await loadContactView(em, workspaceId, contactId)
      return runScript(deps.scripts, { code, input: scriptInput(contact, vars) })
    },
  }),
]
