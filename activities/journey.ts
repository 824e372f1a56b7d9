import { forkFor } from '../src/db/orm.ts'
import type { SendInput } from '../src/inbox/plan-send.ts'
import { sendPlanned } from '../src/inbox/send-planned.ts'
import { sendMessage, type SendDeps } from '../src/inbox/send-message.ts'
import { releaseFloor } from '../src/inbox/floor.ts'
import { endRun, type EndedRun } from '../src/journeys/end-run.ts'
import { awaitEvent, releaseEventWait } from '../src/journeys/event-waits.ts'
import { askForHolds } from '../src/holds/check-holds.ts'
import { moveRun } from '../src/journeys/move-run.ts'
import { judgeConditions } from '../src/segments/judge-conditions.ts'
import { saveProgress, type RunProgress } from '../src/journeys/save-progress.ts'

export function createJourneyActivities(deps: SendDeps) {
  return {
    sendMessage: (input: SendInput) => sendMessage(deps, input),
    sendPlanned: (input: Parameters<typeof sendPlanned>[1]) => sendPlanned(deps, input),
    releaseFloor: (input: Parameters<typeof releaseFloor>[1]) => releaseFloor(deps, input),
    awaitEvent: (input: Parameters<typeof awaitEvent>[1]) => awaitEvent(deps, input),
    releaseEventWait: (input: Parameters<typeof releaseEventWait>[1]) => releaseEventWait(deps, input),
    askForHolds: (input: Parameters<typeof askForHolds>[1]) => askForHolds(deps, input),
    judgeConditions: (input: Parameters<typeof judgeConditions>[1]) => judgeConditions(deps, input),
    moveRun: (input: Parameters<typeof moveRun>[1]) => moveRun(deps, input),
    endRun: (input: EndedRun) => endRun(deps, input),
    saveProgress: (input: RunProgress) =>
      forkFor(deps.orm, input.run.workspaceId).transactional((em) => saveProgress(em, input)),
  }
}
