import { z } from 'zod'
import { decodeCursor, encodeCursor, page } from '../../src/kit/paging.ts'

const key = z.tuple([z.uuid()])
const id = '01a1fce7-a14f-76f9-a1dd-316a45f5c1cf'

test('walks a list to its end, each item once', () => {
  const all = Array.from({ length: 7 }, (_, at) => ({ n: at }))
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const after = decodeCursor(cursor, z.tuple([z.number()]))?.[0] ?? -1
    const cut = page.cut(all.filter(({ n }) => n > after).slice(0, 4), 3, ({ n }) => [n])
    seen.push(...cut.items.map(({ n }) => n))
    cursor = cut.nextCursor ?? undefined
  } while (cursor)
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('a last page that is full has no next one', () => {
  expect(page.cut([1, 2], 2, (n) => [n]).nextCursor).toBeNull()
  expect(page.cut([], 2, () => []).nextCursor).toBeNull()
})

test('a cursor reads back, and nothing else does', () => {
  expect(decodeCursor(encodeCursor([id]), key)).toEqual([id])
  expect(decodeCursor(undefined, key)).toBeUndefined()
  for (const wrong of ['', 'abc', encodeCursor([]), encodeCursor(['x']), encodeCursor([id, id])]) {
    expect(() => decodeCursor(wrong, key)).toThrow('cursor is not a cursor of this list')
  }
  for (const wrong of [encodeCursor(['a\0']), encodeCursor(['\ud800'])]) {
    expect(() => decodeCursor(wrong, z.tuple([z.string()]))).toThrow('cursor is not a cursor of this list')
  }
})

test('limits are numbers from 1 to 200, 50 by default', () => {
  expect(page.query.parse({})).toEqual({ limit: 50 })
  expect(page.query.parse({ limit: '200' }).limit).toBe(200)
  for (const limit of ['0', '201', '1.5', 'x', ''])
    expect(page.query.safeParse({ limit }).success).toBe(false)
})
