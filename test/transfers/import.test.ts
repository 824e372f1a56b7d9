import { openImportRig, type ImportRig } from './import-rig.ts'

let rig: ImportRig
beforeAll(async () => {
  rig = await openImportRig()
})

const file = `Phone,First name,Surname,E-mail,City,Plan
+49 151 23456789,Ann,Example,ann@example.com,Berlin,gold
0049 (152) 345-67890,Bob,"Ex, ample",bob@example.com,,silver
,Nobody,,,,
+49 1,Short,,,,
+4915123456789,Ann again,,,,
`

test('rows become contacts, and what is wrong is told', async () => {
  const view = await rig.run(file)
  expect(view).toMatchObject({ state: 'completed', stage: 'done', error: null })
  expect(view.progress).toMatchObject({ rowsRead: 5, accepted: 2, rejected: 2, duplicates: 1, created: 2 })
})
