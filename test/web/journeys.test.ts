import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { inBrowser, openPage } from '../support/browser.ts'
import { openHouseRig } from './house-rig.ts'

interface List<T> {
  items: T[]
}

let web: Awaited<ReturnType<typeof openHouseRig>>
let page: Page
let problems: string[] = []
let journeyId = ''

beforeAll(async () => {
  web = await openHouseRig()
  const opened = await openPage(web.url)
  if (opened) ({ page, problems } = opened)
})
afterEach(() => expect(problems.splice(0)).toEqual([]))

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const tab = (name: string) => page.getByRole('tab', { name }).click()
const region = (name: string) => page.getByRole('region', { name, exact: true })
const states = async () =>
  (await web.call<List<{ state: string }>>('GET', `/runs?journeyId=${journeyId}`)).items
    .map(({ state }) => state)
    .toSorted()
/** Work that a worker does takes a while on a busy machine. */
const patient = { timeout: 30_000 }

inBrowser('a template is installed, and its flow is drawn', async () => {
  await page.goto(`${web.url}/app/journeys`)
  await page.getByLabel('User name').fill(web.admin.username)
  await page.getByRole('textbox', { name: 'Password' }).fill(web.admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'No journeys yet' }).waitFor()
  await page.getByRole('link', { name: 'Make the first one' }).click()
  await button('Install Welcome').click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Hello there')
  await page.getByRole('dialog').getByRole('button', { name: 'Install' }).click()
  await page.getByRole('heading', { name: 'Hello there' }).waitFor()
  await region('Flow').getByRole('button', { name: 'Card Greeting' }).waitFor()
  journeyId = /journeys\/([^/]+)/.exec(page.url())?.[1] ?? ''
})

inBrowser('what is wrong with a card is told at its input', async () => {
  await button('Card Greeting').click()
  const panel = page.getByRole('dialog')
  await panel.getByRole('textbox', { name: 'Body' }).fill('')
  await panel.getByText(/^body: must not be blank/).waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
  await page.getByText('JSON', { exact: true }).click()
  await page.getByLabel('Definition as JSON').fill('{"start": "nowhere", "cards": {}}')
  await page.getByRole('list', { name: 'What is wrong' }).getByText('start').waitFor()
  await button('Take back').click()
  await page.getByText('Drawing', { exact: true }).click()
})

inBrowser('who edits a draft that somebody else changed is told, and decides', async () => {
  interface Drafted {
    draft: { cards: { greet: object } }
  }
  const { draft } = await web.call<Drafted>('GET', `/journeys/${journeyId}`)
  const theirs = (greet: object) =>
    web.call('PATCH', `/journeys/${journeyId}`, {
      draft: { ...draft, cards: { ...draft.cards, greet: { ...draft.cards.greet, ...greet } } },
    })
  const entitle = async (card: string, title: string) => {
    await button(`Card ${card}`).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).first().fill(title)
    await button('Save the card').click()
  }
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this draft' })
  await theirs({ title: 'Theirs' })
  await entitle('Greeting', 'Mine')
  await dialog.getByText(/the API key "test" saved it .* Your change is not saved/).waitFor()
  await button('Load theirs, and drop my change').click()
  await button('Card Theirs').waitFor()
  await theirs({})
  await entitle('Theirs', 'Mine')
  await button('Overwrite theirs with mine').click()
  await button('Card Mine').waitFor()
  await button('Undo').click()
  await button('Card Greeting').waitFor()
  expect(await web.call<Drafted>('GET', `/journeys/${journeyId}`)).toMatchObject({ draft })
})

inBrowser('it is simulated before anybody gets it', async () => {
  await tab('Simulate')
  await page.getByRole('textbox', { name: 'How many' }).fill('50')
  await button('Simulate').click()
  await region('Result').getByText('completed', { exact: true }).first().waitFor(patient)
  await page.getByRole('table', { name: 'Simulated cards' }).getByText('greet').first().waitFor()
  await button('Show the way').click()
  await page
    .getByRole('dialog')
    .getByText(/welcome! What can we do for you/)
    .waitFor()
  await page.keyboard.press('Escape')
  await button('Check the draft').click()
  await page.getByText('holds', { exact: true }).first().waitFor(patient)
})

inBrowser('what must hold is said in a form', async () => {
  await region('What must hold at every publish').getByRole('button', { name: 'Add one' }).click()
  const dialog = page.getByRole('dialog')
  await button('Save').click()
  await dialog.getByText(/^name: /).waitFor()
  await dialog.getByRole('textbox', { name: 'Name' }).first().fill('who browses is greeted at once')
  await dialog.getByRole('group', { name: 'Expectations 1' }).getByRole('combobox').first().click()
  await page.getByRole('option', { name: 'variable' }).click()
  const expectation = dialog.getByRole('group', { name: 'Expectations 1' })
  await expectation.getByRole('textbox', { name: 'Name' }).fill('visits')
  await expectation.getByRole('combobox', { name: 'Value: kind' }).click()
  await page.getByRole('option', { name: 'number' }).click()
  await expectation.getByRole('textbox', { name: 'Value' }).fill('2')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const { items } = await web.call<List<object>>('GET', `/journeys/${journeyId}/assertions`)
  expect(items).toContainEqual(
    expect.objectContaining({ expectations: [{ expect: 'variable', name: 'visits', value: 2 }] }),
  )
  await button('Check the draft').click()
  await page.getByText('does not hold', { exact: true }).first().waitFor(patient)
  await button('Remove who browses is greeted at once').click()
  await button('Remove who browses is greeted at once').waitFor({ state: 'hidden' })
})

inBrowser('a condition looks at a variable of the journey', async () => {
  const { numberId } = await web.call<{ numberId: string }>('GET', `/journeys/${journeyId}`)
  const settings = { branches: [{ id: 'big', label: 'Big', condition: { kind: 'and', conditions: [] } }] }
  const decide = { type: 'run-if', title: 'Decide', settings, next: {} }
  const ask = { type: 'user-input', settings: { question: 'How many?', variable: 'pieces' }, next: {} }
  const draft = { start: 'decide', cards: { decide, ask } }
  const body = { numberId, name: 'Conditions', draft }
  const { id } = await web.call<{ id: string }>('POST', '/journeys', body)
  await page.goto(`${web.url}/app/journeys/${id}`)
  await button('Card Decide').click()
  await button('Add condition').click()
  await page.getByRole('menuitem', { name: 'Variable, event or answer' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByPlaceholder('name').click()
  await page.getByRole('option', { name: 'pieces' }).click()
  await panel.getByRole('combobox', { name: 'Comparison' }).click()
  await page.getByRole('option', { name: '≥' }).click()
  await panel.getByRole('textbox', { name: 'Value' }).fill('10')
  await button('Save the card').click()
  await panel.waitFor({ state: 'hidden' })
  const saved = await web.call<{ draft: typeof draft }>('GET', `/journeys/${id}`)
  expect(saved.draft.cards.decide.settings.branches[0]?.condition.conditions).toEqual([
    { kind: 'compare', path: 'vars.pieces', operator: 'greater-or-equal', value: 10 },
  ])
  await page.goto(`${web.url}/app/journeys/${journeyId}`)
})

inBrowser('it is published, somebody answers, and the flow counts', async () => {
  await tab('Versions')
  await button('Publish').click()
  await page.getByText('Version 1 is published.').waitFor()
  await web.house.text('491700000001', 'hello')
  await eventually(async () => expect(await states()).toEqual(['waiting']), { timeoutMs: 30_000 })
  await web.house.tap('491700000001', 'browse', 'Show me around')
  await eventually(async () => expect(await states()).toEqual(['completed']), { timeoutMs: 30_000 })
  await page.goto(`${web.url}/app/journeys/${journeyId}`)
  await button('Card Greeting').getByText('1 entered').waitFor(patient)
  await tab('People')
  await page.getByRole('link', { name: 'Ann Example' }).click()
  await region('What it did, and why')
    .getByText(/welcome! What can we do for you/)
    .waitFor()
})

inBrowser('stuck runs are resolved together', async () => {
  await web.house.faults([{ kind: 'error', code: 131026 }])
  await web.house.text('491700000002', 'hello', 'Bea Costa')
  await web.house.text('491700000003', 'hello', 'Carl Jung')
  await eventually(async () => expect(await states()).toEqual(['completed', 'stuck', 'stuck']), {
    timeoutMs: 30_000,
  })
  await web.house.faults([])
  await page.getByRole('link', { name: 'Stuck runs' }).click()
  await button(/^Resolve Hello there, greet/).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Try the card again' }).check()
  await dialog.getByRole('button', { name: 'See what would happen' }).click()
  await dialog.getByRole('region', { name: 'What would happen' }).waitFor()
  await dialog.getByRole('button', { name: 'Resolve 2 runs' }).click()
  await dialog.getByRole('region', { name: 'Progress' }).getByText('completed').waitFor(patient)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await page.getByRole('heading', { name: 'Nothing is stuck' }).waitFor(patient)
  await eventually(async () => expect(await states()).toEqual(['completed', 'waiting', 'waiting']), {
    timeoutMs: 30_000,
  })
})

inBrowser('an edited card is published, and people move by a plan', async () => {
  await page.goto(`${web.url}/app/journeys/${journeyId}`)
  await button('Card Greeting').click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Body' }).fill('Hello again, what is it?')
  await button('Save the card').click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await tab('Versions')
  await region('Differences').getByText('Hello again, what is it?').waitFor()
  await page.getByRole('radio', { name: /is moved to the new version/ }).check()
  await button('Who would be messaged').click()
  await page
    .getByText(/2 stand at this card/)
    .first()
    .waitFor()
  const plan = page.getByRole('group', { name: 'People at greet' })
  await plan.getByRole('combobox', { name: 'They' }).click()
  await page.getByRole('option', { name: 'go on in the new version' }).click()
  await button('Who would be messaged').click()
  await page.getByRole('table', { name: 'Who would be messaged' }).waitFor()
  await button('Publish and move people').click()
  await region('Moves of people').getByText('2 runs moved').waitFor(patient)
  await region('Moves of people').getByRole('button', { name: 'Bring them back …' }).click()
  const ways = page.getByRole('table', { name: 'Who goes back where' })
  await ways.getByRole('row', { name: 'greet, version 2 greet, version 1 2' }).waitFor(patient)
  await button('Cancel').click()
  const versions = async () =>
    (
      await web.call<List<{ state: string; version: number }>>('GET', `/runs?journeyId=${journeyId}`)
    ).items.flatMap(({ state, version }) => (state === 'waiting' ? [version] : []))
  await eventually(async () => expect(await versions()).toEqual([2, 2]), { timeoutMs: 30_000 })
})

inBrowser('it is paused, and who waited at the door enters when it goes on', async () => {
  await tab('Pause')
  await page.getByRole('textbox', { name: 'Why' }).fill('a mistake in the text')
  await button('Pause the journey').click()
  await region('This journey is paused').getByText('a mistake in the text').waitFor()
  await web.house.text('491700000004', 'hello', 'Dina Rao')
  await eventually(
    async () => {
      const { backlog } = await web.call<{ backlog: { queued: number } }>(
        'GET',
        `/journeys/${journeyId}/backlog`,
      )
      expect(backlog.queued).toBe(1)
    },
    { timeoutMs: 30_000 },
  )
  await page.reload()
  await region('Backlog').waitFor()
  await button('Resume the journey').click()
  await region('Going on').getByText('completed').waitFor(patient)
  await region('Pause this journey').waitFor()
  await eventually(async () => expect((await states()).length).toBe(4), { timeoutMs: 30_000 })
})

inBrowser('an emergency stop wants a reason, and is lifted', async () => {
  await button('Stop all sending …').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Stop now' }).click()
  await dialog.getByRole('textbox', { name: 'Why' }).and(page.locator('[aria-invalid=true]')).waitFor()
  await dialog.getByRole('textbox', { name: 'Why' }).fill('wrong prices')
  await dialog.getByRole('button', { name: 'Stop now' }).click()
  await region('Emergency stop').getByText('wrong prices').waitFor()
  await button('Let it send again').click()
  await region('Emergency stop')
    .getByText(/Nothing is stopped now/)
    .waitFor()
})
