import { element } from './dom.js'

const dialog = document.querySelector('#dialog')
const title = document.querySelector('#dialog-title')
const body = document.querySelector('#dialog-body')
const ok = document.querySelector('#dialog-ok')

document.querySelector('#dialog-cancel').addEventListener('click', () => dialog.close('cancel'))

/** Lets the customer pick a row of a list message; null when the dialog is left. */
export async function askChoice(heading, sections) {
  const rows = sections.flatMap((section) => section.rows)
  const content = sections.map((section, place) =>
    element(
      'fieldset',
      {},
      element('legend', section.title ? {} : { class: 'hidden' }, section.title ?? `Section ${place + 1}`),
      ...section.rows.map(rowChoice),
    ),
  )
  if (!(await ask(heading, content))) return null
  const chosen = body.querySelector('input:checked')?.value
  return rows.find((row) => row.id === chosen) ?? null
}

/** Lets the customer write a text that `isGood` accepts. */
export async function askText(heading, start, isGood) {
  const area = element('textarea', { 'aria-label': heading, required: true })
  area.value = start
  area.addEventListener('input', () => area.setCustomValidity(isGood(area.value) ? '' : 'This is not valid.'))
  return (await ask(heading, [area])) ? area.value : null
}

function rowChoice(row) {
  return element(
    'label',
    { class: 'row' },
    element('input', { type: 'radio', name: 'row', value: row.id, required: true }),
    element('span', {}, row.title, row.description ? element('small', {}, row.description) : null),
  )
}

function ask(heading, content) {
  title.textContent = heading
  body.replaceChildren(...content)
  dialog.returnValue = 'cancel'
  ok.value = 'ok'
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok'), { once: true })
  })
}
