import { newId } from '../../src/db/columns.ts'
import { planSchema } from '../../src/live-edits/plan.ts'
import { rollBack } from '../../src/live-edits/roll-back.ts'
import { startMigration } from '../../src/live-edits/start-migration.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import type { Course } from '../record-histories.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'
import { runSql } from './run-sql.ts'
import { welcomeDefinition } from './welcome.ts'

const hears = (word: string) => [{ type: 'user-utterance', keywords: [word] }]
const sleeper = (word: string, amount: number, unit: string, text: string) => ({
  start: 'wait',
  triggers: hears(word),
  cards: {
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount, unit } } },
      next: { done: 'say' },
    },
    say: { type: 'message', settings: { text } },
  },
})

/** Runs that move to another version of their journey. */
export const migrationCourses: Course[] = [
  {
    title: 'moved-from-an-open-question',
    word: 'elsewhere',
    definition: { ...welcomeDefinition(), triggers: hears('elsewhere') },
    async play(house, _waId, { sent, state }) {
      await sent(1)
      const run = await state('waiting')
      const { cards } = welcomeDefinition()
      const draft = { start: 'fine', cards: { fine: cards.fine } }
      await move(house, run.workflow_id, draft, { cards: { ask: { action: 'move', card: 'fine' } } })
      await sent(2)
    },
  },
  {
    title: 'moved-in-its-sleep',
    word: 'sooner',
    definition: sleeper('sooner', 9, 'days', 'Late'),
    async play(house, _waId, { sent, state }) {
      const run = await state('waiting')
      const draft = sleeper('sooner', 1, 'seconds', 'Awake')
      await move(house, run.workflow_id, draft, { cards: { wait: { action: 'move' } } })
      await sent(1)
    },
  },
  {
    title: 'moved-then-rolled-back',
    word: 'return',
    definition: sleeper('return', 10, 'seconds', 'Back'),
    async play(house, _waId, { sent, state }) {
      const run = await state('waiting')
      const draft = sleeper('return', 9, 'days', 'Away')
      const plan = { cards: { wait: { action: 'move' } } }
      const order = await move(house, run.workflow_id, draft, plan)
      const { migrationId } = await rollBack(house.deps, { ...order, by: 'user test' })
      await movedBy(house, migrationId)
      await sent(1)
    },
  },
  {
    title: 'stuck-then-moved',
    word: 'mend',
    definition: {
      start: 'say',
      triggers: hears('mend'),
      cards: { say: { type: 'message', settings: { text: '{{vars.never}}' } } },
    },
    async play(house, _waId, { sent, state }) {
      const run = await state('stuck')
      const cards = { say: { type: 'message', settings: { text: 'Mended' } } }
      await move(house, run.workflow_id, { start: 'say', cards }, { cards: { say: { action: 'move' } } })
      await sent(1)
    },
  },
]

/** A second version, and everybody who is inside moves to it; back when they have. */
async function move(house: House, workflowId: string, definition: object, plan: object) {
  const { deps, workspaceId } = house
  const { rows } = await runSql(
    deps.config.DATABASE_URL ?? '',
    `insert into journey_versions (id, workspace_id, journey_id, number, definition)
     select $1, workspace_id, journey_id, 2, $2::jsonb from runs where workflow_id = $3 returning journey_id`,
    [newId(), JSON.stringify(journeyDefinitionSchema.parse(definition)), workflowId],
  )
  const where = { workspaceId, journeyId: String(rows[0].journey_id) }
  const start = { ...where, plan: planSchema.parse(plan), toVersion: 2, by: 'user test' }
  const { migrationId } = await startMigration(deps, start)
  await movedBy(house, migrationId)
  return { ...where, migrationId }
}

async function movedBy({ deps }: House, migrationId: string): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await runSql(
        deps.config.DATABASE_URL ?? '',
        `select o.state from bulk_operations o join migrated_runs m on m.migration_id = o.id where o.id = $1`,
        [migrationId],
      )
      if (rows[0]?.state !== 'completed') throw new Error(`the migration is ${rows[0]?.state ?? 'under way'}`)
    },
    { timeoutMs: 20_000 },
  )
}
