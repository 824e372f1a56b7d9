import { messageContentSchema } from '../model/message.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { chooseLanguage } from '../model/template-choice.ts'
import type { EffectCall, EffectName, Performed } from '../../workflows/cards/effects.ts'
import type { createSimulatedWorld } from './simulated-world.ts'
import type { SimulationOptions } from './simulation.ts'

type World = ReturnType<typeof createSimulatedWorld>
type Simulated<K extends EffectName> = (call: EffectCall<K>) => Performed<K> | Promise<Performed<K>>

/** What happens to a simulated contact's tags, segments, labels and consent; and what outside systems would have said. */
export function createSimulatedUtility(
  world: World,
  options: Pick<SimulationOptions, 'runScript' | 'templates'>,
  note: (kind: string, data: JsonObject) => void,
) {
  const changeTags: Simulated<'changeTags'> = ({ input }) => {
    note('tags.changed', { ...world.changeTags(input) })
    return { output: null }
  }
  const changeSegments: Simulated<'changeSegments'> = ({ input }) => {
    const { add, remove } = input
    world.changeSegments(input)
    for (const segment of add) note('segment.entered', { segment })
    for (const segment of remove) note('segment.left', { segment })
    return { output: null }
  }
  const changeLabels: Simulated<'changeLabels'> = ({ input: { add, remove } }) => {
    note('labels.changed', { added: add, removed: remove })
    return { output: null }
  }
  const setConsent: Simulated<'setConsent'> = ({ input }) => {
    world.setConsent(input)
    note('consent.changed', { ...input })
    return { output: null }
  }
  const callIntegration: Simulated<'callIntegration'> = ({ input: { integration, action, input } }) => {
    const output = integration === 'http' ? goodAnswer(input) : {}
    return { output, trace: { input: { integration, action }, output } }
  }
  const runScript: Simulated<'runScript'> = async ({ input: { code, vars } }) => {
    const output = (await options.runScript?.({ code, vars, contact: world.view() })) ?? {}
    return { output, trace: { input: { vars }, output } }
  }
  const composeTemplate: Simulated<'composeTemplate'> = ({ input }) => ({
    output: { content: templateMessage(world, options.templates, input) },
  })
  return {
    ...{ changeTags, changeSegments, changeLabels, setConsent },
    ...{ callIntegration, runScript, composeTemplate },
  }
}

/** Nobody is called: the system says yes, and nothing that the journey would keep. */
function goodAnswer({ pick }: JsonObject): Json {
  const paths = Array.isArray(pick) ? pick.filter((path) => typeof path === 'string') : []
  const picked = Object.fromEntries(paths.map((path) => [path, path === 'status' ? 200 : null]))
  return { status: 200, picked, error: null, retryAfterMs: null }
}

/** In the language that would be chosen; of its parts those that a look at the message needs. */
function templateMessage(
  world: World,
  templates: SimulationOptions['templates'],
  { name, language, values }: EffectCall<'composeTemplate'>['input'],
): JsonObject {
  const spoken = world.view()['language']
  const wish = { language, contactLanguage: typeof spoken === 'string' ? spoken : undefined }
  const approved = [...(templates ?? [])]
    .filter(
      ([key, { status }]) => key.startsWith(`${name} `) && ['approved', 'flagged', 'locked'].includes(status),
    )
    .map(([key]) => key.slice(name.length + 1))
  const chosen = chooseLanguage(approved, { ...wish, workspaceLanguage: 'en' })
  const code = chosen?.language ?? language ?? 'en'
  const content = { type: 'template', template: { name, language: { code }, components: partsOf(values) } }
  return messageContentSchema.parse(content) as unknown as JsonObject
}

function partsOf({ body, buttons }: JsonObject): JsonObject[] {
  const parameters = Object.values(objectOf(body)).map((text) => ({ type: 'text', text }))
  const replies = Object.entries(objectOf(buttons)).flatMap(([index, button]) => {
    const { payload } = objectOf(button)
    if (typeof payload !== 'string') return []
    return [{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload }] }]
  })
  return [...(parameters.length > 0 ? [{ type: 'body', parameters }] : []), ...replies]
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
}
