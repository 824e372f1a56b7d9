import { settlePermissions } from '../../src/people/find-people.ts'

const silent = { canReadChats: null, canWriteToChats: null, canUseTags: null }

test('the role says it when neither the user nor a group does', () => {
  expect(settlePermissions('admin', silent, [silent])).toEqual({
    ...{ canReadChats: 'all', canWriteToChats: 'all', canUseTags: true },
  })
  expect(settlePermissions('user', silent, [])).toMatchObject({
    canReadChats: 'all',
    canWriteToChats: 'user',
  })
  expect(settlePermissions('app', silent, [])).toMatchObject({
    canReadChats: 'user',
    canWriteToChats: 'user',
  })
})

test('of the groups the widest holds, and only of those that say something', () => {
  const groups = [
    silent,
    { canReadChats: 'user' as const, canWriteToChats: 'none' as const, canUseTags: false },
    { canReadChats: 'group' as const, canWriteToChats: null, canUseTags: true },
  ]
  expect(settlePermissions('user', silent, groups)).toEqual({
    ...{ canReadChats: 'group', canWriteToChats: 'none', canUseTags: true },
  })
})

test("the user's own comes before everything", () => {
  const own = { canReadChats: 'none' as const, canWriteToChats: null, canUseTags: false }
  const wide = { canReadChats: 'all' as const, canWriteToChats: 'all' as const, canUseTags: true }
  expect(settlePermissions('admin', own, [wide])).toEqual({
    ...{ canReadChats: 'none', canWriteToChats: 'all', canUseTags: false },
  })
})
