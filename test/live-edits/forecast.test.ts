import { journeyOf, say } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openEditRig, sleeping, type EditRig } from './edit-rig.ts'

let rig: EditRig
beforeAll(async () => {
  rig = await openEditRig()
  await rig.worker()
})

interface Foreseen {
  forecast: {
    sampled: number
    unanswered: number
    stuck: number
    outlooks: { minutes: number; people: number; messages: number; peopleAnyway: number }[]
  }
}

test('whom a preview says will be written to is written to, and nobody else: held, capped and closed-off people are not', async () => {
  const cards = {
    wait: sleeping(9_000, { done: 'bye' }),
    bye: say('Bye', { next: 'rest' }),
    rest: sleeping(9_000),
  }
  const { journeyId, people } = await rig.enter(journeyOf(cards), 8, { waiting: 8 })
  const [byHand, paused, taken, optedOut, closed, capped, ...free] = people
  const contactOf = async (run: { id: string } | undefined) => {
    const [row] = await rig.rows<{ contact_id: string; conversation_id: string }>(
      'select contact_id, conversation_id from runs where id = $1',
      [run?.id],
    )
    return row
  }
  await rig.ask(202, 'POST', `/runs/${byHand?.id}/pause`)
  await rig.ask(200, 'POST', `/contacts/${(await contactOf(paused))?.contact_id}/pause`, {})
  await rig.rows(
    `insert into holds (id, workspace_id, scope, scope_id, kind, timers, entrants, reason, placed_by)
     values (uuidv7(), $1, 'contact', $2, 'agent', 'freeze', 'enter', 'a person speaks', 'test')`,
    [rig.workspaceId, (await contactOf(taken))?.contact_id],
  )
  await rig.rows(`update contacts set opted_out_at = now() where id = $1`, [
    (await contactOf(optedOut))?.contact_id,
  ])
  await rig.rows(`update conversations set window_ends_at = now() - interval '1 hour' where id = $1`, [
    (await contactOf(closed))?.conversation_id,
  ])
  // Else the window of who has to wait for the cap is over by then.
  await rig.rows(
    `update conversations set window_ends_at = now() + interval '3 days' where window_ends_at > now()`,
  )
  // Somebody else's campaign has used up what this one may get today.
  await rig.rows(`insert into arbiter_settings (workspace_id, settings, by) values ($1, $2, 'test')`, [
    rig.workspaceId,
    JSON.stringify({
      caps: [{ categories: ['marketing', 'service'], maximum: 1, window: { amount: 1, unit: 'days' } }],
      expireAfter: { amount: 2, unit: 'days' },
    }),
  ])
  const spent = await contactOf(capped)
  await rig.rows(
    `insert into messages (id, workspace_id, number_id, contact_id, conversation_id, direction, type, content, state, class,
       category, proactive, inflight_at, accepted_at, send_key, fact_id)
     select uuidv7(), $1, number_id, $2, id, 'out', 'text', '{}', 'accepted', 'marketing', 'marketing', true, now(), now(), 'campaign:x', uuidv7()
     from conversations where id = $3`,
    [rig.workspaceId, spent?.contact_id, spent?.conversation_id],
  )
  const draft = journeyOf({ ...cards, wait: sleeping(1, { done: 'bye' }) })
  await rig.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft })
  const plan = { cards: { wait: { action: 'move' } } }
  const { forecast } = await rig.ask<Foreseen>(200, 'POST', `/journeys/${journeyId}/migrations/preview`, {
    plan,
  })
  expect(forecast).toMatchObject({ sampled: 8, unanswered: 0, stuck: 1 })
  expect(forecast.outlooks[0]).toMatchObject({ people: free.length, messages: free.length, peopleAnyway: 0 })

  const { migrationId } = await rig.publish(journeyId, draft, { migration: { plan } })
  await rig.migrated(journeyId, migrationId ?? '')
  const statesNow = async () =>
    Object.fromEntries(
      (await rig.runs(journeyId)).map(({ id, state, card_id }) => [id, `${state} ${card_id}`]),
    )
  await eventually(
    async () => {
      const now = await statesNow()
      for (const { id } of free) expect(now[id]).toBe('waiting rest')
      expect(now[closed?.id ?? '']).toBe('stuck bye')
      expect(now[optedOut?.id ?? '']).toMatch(/^exited/)
      for (const run of [byHand, paused, taken]) expect(now[run?.id ?? '']).toMatch(/^paused/)
      expect(now[capped?.id ?? '']).toBe('running bye')
    },
    { timeoutMs: 20_000 },
  )
  const written = await Promise.all(
    people.map(async ({ id, wa_id }) => ({ id, texts: await rig.texts(wa_id) })),
  )
  expect(written.filter(({ texts }) => texts.length > 0)).toEqual(
    free.map(({ id }) => ({ id, texts: ['Bye'] })),
  )
}, 90_000)
