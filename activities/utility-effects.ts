import { callForRun } from '../src/apps/call-for-run.ts'
import { sayForRun } from '../src/consent/say-for-run.ts'
import { changeTags } from '../src/contacts/change-tags.ts'
import { changeLabels } from '../src/conversations/change-labels.ts'
import type { Deps } from '../src/deps.ts'
import { contactOf } from '../src/journeys/contact-of.ts'
import type { JsonObject } from '../src/model/json.ts'
import { runForJourney } from '../src/scripts/run-for-journey.ts'
import { changeSegments } from '../src/segments/change-segments.ts'
import { composeForRun } from '../src/templates/compose-for-run.ts'
import type { EffectName, Performed } from '../workflows/cards/effects.ts'
import type { EffectOrder, RunRef } from '../workflows/contract.ts'

type Activity<K extends EffectName> = (order: EffectOrder<K>) => Promise<Performed<K>>

/** What cards do to a contact, to its chat and to systems outside. */
export function createUtilityEffects(deps: Deps) {
  const changeTagsOf: Activity<'changeTags'> = async ({ run, causeId, input }) => {
    await changeTags(deps, { ...whoOf(run), causeId, ...input })
    return { output: null }
  }
  const changeSegmentsOf: Activity<'changeSegments'> = async ({ run, causeId, input }) => {
    await changeSegments(deps, { ...whoOf(run), causeId, ...input })
    return { output: null }
  }
  const changeLabelsOf: Activity<'changeLabels'> = async ({ run, causeId, input }) => {
    const { workspaceId, runId, conversationId = '' } = run
    await changeLabels(deps, { workspaceId, runId, conversationId, causeId, by: `run ${runId}`, ...input })
    return { output: null }
  }
  const setConsent: Activity<'setConsent'> = async ({ run, causeId, atMs, input }) => {
    const { workspaceId, runId } = run
    await sayForRun(deps, { workspaceId, runId, contactId: contactOf(run), causeId, atMs, ...input })
    return { output: null }
  }
  const callIntegration: Activity<'callIntegration'> = async ({ run, key, input }) =>
    callForRun(deps, { workspaceId: run.workspaceId, key: `${run.lineageId}:${key}`, ...input })
  const runScript: Activity<'runScript'> = async ({ run: { workspaceId, contactId }, input }) => {
    const { output, trace } = await runForJourney(deps, { workspaceId, contactId, ...input })
    return { output, trace }
  }
  const composeTemplate: Activity<'composeTemplate'> = async ({ run, input }) => {
    const { workspaceId, numberId } = run
    const content = await composeForRun(deps, { workspaceId, numberId, contactId: contactOf(run), ...input })
    return { output: { content: content as unknown as JsonObject } }
  }
  return {
    ...{ changeTags: changeTagsOf, changeSegments: changeSegmentsOf, changeLabels: changeLabelsOf },
    ...{ setConsent, callIntegration, runScript, composeTemplate },
  }
}

function whoOf(run: RunRef) {
  const { workspaceId, runId } = run
  return { workspaceId, contactId: contactOf(run), by: `run ${runId}` }
}
