import type { Page } from 'playwright-core'
import { createUser } from '../../src/people/users.ts'
import { inBrowser, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { openHouseRig } from './house-rig.ts'

interface List<T> {
  items: T[]
}
interface Chat {
  id: string
  contactName: string
  status: string
}

const password = 'a long enough password'
const ann = '491711000001'
const others = { '491711000002': 'Bea Costa', '491711000003': 'Carl Jung', '491711000004': 'Dina Rao' }

let web: Awaited<ReturnType<typeof openHouseRig>>
let maria: Page
let jonas: Page
const problems: string[][] = []

beforeAll(async () => {
  web = await openHouseRig()
  const { workspaceId, deps } = web.house
  for (const username of ['maria', 'jonas'])
    await createUser(deps, { workspaceId, username, password, role: 'user' })
  await web.house.text(ann, 'Where is my *parcel*?', 'Ann Example')
  const pages = [await openPage(web.url), await openPage(web.url)]
  const [first, second] = pages
  if (!first || !second) return
  maria = first.page
  jonas = second.page
  problems.push(first.problems, second.problems)
})
afterEach(() => expect(problems.flatMap((each) => each.splice(0))).toEqual([]))

const signIn = async (page: Page, username: string) => {
  await page.goto(`${web.url}/app/`)
  await page.getByLabel('User name').fill(username)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Conversations' }).waitFor()
}
const row = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Conversations' }).getByRole('link', { name: new RegExp(name) })
const messages = (page: Page) => page.getByRole('region', { name: 'Messages' })
const input = (page: Page) => page.getByRole('combobox', { name: 'Message', exact: true })
const take = (page: Page) => page.getByRole('button', { name: 'Assign to me and reply' })
const chatOf = async (name: string): Promise<Chat> => {
  const { items } = await web.call<List<Chat>>('GET', '/conversations')
  const chat = items.find(({ contactName }) => contactName === name)
  if (!chat) throw new Error(`there is no chat with ${name}`)
  return chat
}
const give = async (name: string, username: string) => {
  const { items } = await web.call<List<{ id: string; username: string }>>('GET', '/users')
  const user = items.find((each) => each.username === username)
  await web.call('POST', `/conversations/${(await chatOf(name)).id}/assignment`, { userId: user?.id })
}

inBrowser('two agents open the same conversation, and it is drawn as WhatsApp draws it', async () => {
  await Promise.all([signIn(maria, 'maria'), signIn(jonas, 'jonas')])
  for (const page of [maria, jonas]) {
    await row(page, 'Ann Example').click()
    await messages(page).locator('strong', { hasText: 'parcel' }).waitFor()
    expect(await page.getByText(/to answer freely|Assign to me and reply/).count()).toBeGreaterThan(0)
  }
})

inBrowser('both claim it at once: one has it, the other is told who', async () => {
  await Promise.all([take(maria).click(), take(jonas).click()])
  const winner = await eventually(async () => {
    const enabled = [await input(maria).isEnabled(), await input(jonas).isEnabled()]
    expect(enabled.filter(Boolean)).toHaveLength(1)
    return enabled[0] ? maria : jonas
  })
  const loser = winner === maria ? jonas : maria
  const name = winner === maria ? 'maria' : 'jonas'
  await loser.getByText(new RegExp(`${name} has this conversation`)).waitFor()
  if (winner === jonas) await give('Ann Example', 'maria')
  await eventually(async () => expect(await input(maria).isEnabled()).toBe(true))
})

inBrowser(
  'one answers: the other sees who types, and the answer with its ticks, without asking',
  async () => {
    await input(maria).fill('It is on its way: https://example.org/track?id=1')
    await jonas.getByText('maria is typing …').waitFor()
    await maria.keyboard.press('Enter')
    for (const page of [maria, jonas]) await messages(page).getByText('It is on its way').waitFor()
    const link = messages(jonas).getByRole('link', { name: 'https://example.org/track?id=1' })
    expect(await link.getAttribute('rel')).toContain('noopener')
    await eventually(async () => expect((await web.house.ledger(ann)).length).toBe(1))
    await web.house.read(ann)
    await messages(jonas).getByRole('img', { name: 'read', exact: true }).waitFor()
  },
)

inBrowser('what the customer writes appears in the list and in the conversation', async () => {
  await jonas.keyboard.press('Escape')
  await jonas.getByText('Choose a conversation').waitFor()
  await web.house.text(ann, 'Thank you so much', 'Ann Example')
  await row(jonas, 'Thank you so much').waitFor()
  await row(jonas, 'Ann Example').getByLabel('1 unread').waitFor()
  await messages(maria).getByText('Thank you so much', { exact: true }).waitFor()
  await eventually(async () =>
    expect(
      await row(maria, 'Ann Example')
        .getByLabel(/unread/)
        .count(),
    ).toBe(0),
  )
})

inBrowser('a message that WhatsApp refused says why, and is really sent again', async () => {
  await web.house.faults([{ kind: 'error', code: 131008, match: { to: ann } }])
  await input(maria).fill('Your refund is done')
  await maria.keyboard.press('Enter')
  await maria.getByText(/Not delivered: /).waitFor()
  await web.house.faults([])
  await maria.getByRole('button', { name: 'Retry' }).click()
  await eventually(async () => {
    const sent = (await web.house.ledger(ann)).map(({ payload }) => payload.text?.body)
    expect(sent.filter((text) => text === 'Your refund is done')).toHaveLength(1)
  })
  await maria.getByText(/Not delivered: /).waitFor({ state: 'hidden' })
})

inBrowser('a note mentions a colleague, who is told, and the customer never sees it', async () => {
  await maria.getByText('Note', { exact: true }).click()
  const note = maria.getByRole('combobox', { name: 'Note for colleagues' })
  await note.pressSequentially('Please look at this @jon')
  await maria.getByRole('option', { name: /jonas/ }).waitFor()
  await maria.keyboard.press('Enter')
  expect(await note.inputValue()).toBe('Please look at this @jonas ')
  await maria.keyboard.press('Enter')
  await messages(maria).getByRole('note').getByText('Please look at this').waitFor()
  await jonas.getByRole('button', { name: /Notifications, \d+ unread/ }).click()
  await jonas.getByRole('menuitem', { name: /You were mentioned: Ann Example/ }).click()
  await messages(jonas).getByRole('note').getByText('Please look at this').waitFor()
  const sent = (await web.house.ledger(ann)).map(({ payload }) => payload.text?.body ?? '')
  expect(sent.filter((text) => text.includes('Please look'))).toEqual([])
})

inBrowser('a saved response is found by its shortcut, with the name of the customer in it', async () => {
  const text = 'Good day {{contact.name}}, we are open until 6 pm.'
  await web.call('POST', '/saved-responses', { shortcut: 'hours', text })
  await maria.reload()
  await input(maria).click()
  await input(maria).pressSequentially('/hou')
  await maria.getByRole('option', { name: /hours/ }).click()
  expect(await input(maria).inputValue()).toBe('Good day Ann Example, we are open until 6 pm.')
  await maria.reload()
  await eventually(async () => expect(await input(maria).inputValue()).toContain('Good day Ann Example'))
  await input(maria).fill('')
})

inBrowser('after 24 hours only a template goes out, filled in and shown before', async () => {
  await web.house.settings({ templateReviewMs: 10 })
  const components = [
    { type: 'BODY', text: 'Hello {{1}}, are you there?', example: { body_text: [['Ann']] } },
  ]
  const { id } = await web.call<{ id: string }>('POST', '/templates', {
    ...{ name: 'still_there', language: 'en', category: 'UTILITY', components },
  })
  await web.call('POST', `/templates/${id}/submit`)
  await eventually(async () =>
    expect(await web.call('GET', `/templates/${id}`)).toMatchObject({ status: 'approved' }),
  )
  await web.house.deps.orm.em
    .fork()
    .execute("update conversations set window_ends_at = now() - interval '1 minute' where workspace_id = ?", [
      web.house.workspaceId,
    ])
  await maria.reload()
  await maria.getByText(/only a template can be sent/).waitFor()
  expect(await input(maria).isEnabled()).toBe(false)
  await maria.getByRole('button', { name: 'Choose a template' }).click()
  const dialog = maria.getByRole('dialog', { name: 'Send a template' })
  await dialog.getByRole('combobox', { name: 'Template' }).click()
  await maria.getByRole('option', { name: /still_there/ }).click()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await dialog.getByText(/Something is missing yet/).waitFor()
  await dialog.getByRole('textbox', { name: 'Text, place 1' }).fill('Ann')
  await dialog.getByRole('img', { name: /Hello Ann, are you there/ }).waitFor()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await messages(maria).getByText('Hello Ann, are you there?').waitFor()
  await eventually(async () =>
    expect((await web.house.ledger(ann)).map(({ type }) => type)).toContain('template'),
  )
})

inBrowser('a link opens a message of long ago, which stands out', async () => {
  const { id } = await chatOf('Ann Example')
  const { items } = await web.call<List<{ id: string; text: string }>>('GET', `/conversations/${id}/messages`)
  const first = items.find(({ text }) => text.includes('parcel'))
  await jonas.goto(`${web.url}/app/inbox/${id}?message=${first?.id}`)
  await jonas.locator(`#message-${first?.id}[data-pointed]`).waitFor()
})

inBrowser('several are chosen and closed at once, and found in their view', async () => {
  for (const [waId, name] of Object.entries(others)) {
    await web.house.text(waId, `Hello from ${name}`, name)
    await eventually(() => give(name, 'maria'))
  }
  await maria.goto(`${web.url}/app/inbox?view=mine`)
  for (const name of ['Bea Costa', 'Carl Jung']) {
    await row(maria, name).waitFor()
    await maria.getByRole('checkbox', { name: `Choose ${name}` }).check({ force: true })
  }
  await maria.getByRole('toolbar').getByRole('button', { name: 'Close', exact: true }).click()
  await row(maria, 'Bea Costa').waitFor({ state: 'hidden' })
  expect(await row(maria, 'Dina Rao').count()).toBe(1)
  await maria.goto(`${web.url}/app/inbox?view=closed`)
  await row(maria, 'Bea Costa').waitFor()
  await row(maria, 'Carl Jung').waitFor()
  expect((await chatOf('Bea Costa')).status).toBe('closed')
})

inBrowser('keys go through the list, close, and lead to the search', async () => {
  await maria.goto(`${web.url}/app/inbox?view=mine`)
  await row(maria, 'Dina Rao').waitFor()
  await maria.keyboard.press('j')
  await maria.waitForURL(/\/inbox\/[0-9a-f-]{36}/)
  await maria.keyboard.press('?')
  await maria.getByRole('dialog', { name: 'Keys' }).waitFor()
  await maria.keyboard.press('Escape')
  await maria.getByRole('dialog').waitFor({ state: 'hidden' })
  await maria.keyboard.press('/')
  await maria.keyboard.type('dina')
  await eventually(async () => expect(await row(maria, 'Ann Example').count()).toBe(0))
  await row(maria, 'Dina Rao').click()
  await maria.keyboard.press('e')
  await eventually(async () => expect((await chatOf('Dina Rao')).status).toBe('closed'))
})
