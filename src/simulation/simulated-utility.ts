import type { Json, JsonObject } from '../model/json.ts'
import type { EffectCall, EffectName, Performed } from '../../workflows/cards/effects.ts'
import { composeSimulatedTemplate } from './simulated-templates.ts'
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
  const composeTemplate: Simulated<'composeTemplate'> = ({ input }) => {
    const spoken = world.view()['language']
    const language = typeof spoken === 'string' ? spoken : undefined
    return { output: { content: composeSimulatedTemplate(options.templates, language, input) } }
  }
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
