import type { Outlet } from '../../api/journey-shapes.ts'
import { placeInRow } from './place-in-row.ts'

/** Ways out of a card that lead to the same place. */
export interface Way {
  from: string
  target: string | null
  outlets: Outlet[]
  /** It leads up again, or to where the card stands: no line is drawn. */
  isBack: boolean
}
export interface Box {
  id: string
  x: number
  y: number
  width: number
  height: number
}
export interface Layout {
  width: number
  height: number
  cards: Box[]
  ways: (Box & { way: Way })[]
  /** Points of each line, from above. */
  lines: { id: string; points: [x: number, y: number][] }[]
}

const sizes = { card: { width: 248, height: 122 }, way: { width: 176, line: 22 }, bend: 8, rowGap: 26 }
interface Node {
  id: string
  row: number
  width: number
  height: number
  way?: Way
  x: number
}

/** Cards in rows from above, the ways out of each in a row below it. @param ids in the order of the flow */
export function layOutFlow(ids: string[], waysOf: (id: string) => Omit<Way, 'isBack' | 'from'>[]): Layout {
  const { ranks, ways } = rankCards(ids, waysOf)
  const nodes = new Map<string, Node>()
  const links: [string, string][] = []
  const paths: string[][] = []
  const add = (node: Omit<Node, 'x'>) => nodes.set(node.id, { ...node, x: 0 })
  for (const id of ids) add({ id, row: 2 * (ranks.get(id) ?? 0), ...sizes.card })
  ways.forEach((way, at) => {
    const id = `way ${at}`
    const row = 2 * (ranks.get(way.from) ?? 0) + 1
    add({ id, row, way, width: sizes.way.width, height: way.outlets.length * sizes.way.line + 26 })
    const path = [way.from, id]
    const end = way.target === null || way.isBack ? row : 2 * (ranks.get(way.target) ?? 0)
    for (let between = row + 1; between < end; between++) {
      add({ id: `${id} ${between}`, row: between, width: sizes.bend, height: 0 })
      path.push(`${id} ${between}`)
    }
    if (way.target !== null && !way.isBack) path.push(way.target)
    paths.push(path)
    path.slice(1).forEach((each, before) => links.push([path[before] ?? '', each]))
  })
  const rows = arrange([...nodes.values()], links)
  return measure(rows, nodes, paths)
}

/** The longest way from the start decides how far down a card stands; ways back do not count. */
function rankCards(ids: string[], waysOf: (id: string) => Omit<Way, 'isBack' | 'from'>[]) {
  const state = new Map<string, 'open' | 'done'>()
  const backs = new Set<string>()
  const done: string[] = []
  const known = new Set(ids)
  const visit = (id: string) => {
    state.set(id, 'open')
    for (const { target } of waysOf(id)) {
      if (target === null || !known.has(target)) continue
      if (state.get(target) === 'open') backs.add(`${id} ${target}`)
      else if (!state.has(target)) visit(target)
    }
    state.set(id, 'done')
    done.push(id)
  }
  for (const id of ids) if (!state.has(id)) visit(id)
  const ranks = new Map<string, number>(ids.map((id) => [id, 0]))
  const ways: Way[] = []
  for (const id of done.toReversed()) {
    for (const way of waysOf(id)) {
      const target = way.target !== null && known.has(way.target) ? way.target : null
      const isBack = backs.has(`${id} ${target}`)
      ways.push({ ...way, target, from: id, isBack })
      if (target === null || isBack) continue
      ranks.set(target, Math.max(ranks.get(target) ?? 0, (ranks.get(id) ?? 0) + 1))
    }
  }
  return { ranks, ways }
}

/** Orders each row by where its neighbours stand, and moves everything under what leads to it. */
function arrange(nodes: Node[], links: [string, string][]): Node[][] {
  const rows: Node[][] = []
  for (const node of nodes) (rows[node.row] ??= []).push(node)
  const filled = rows.map((row) => row ?? [])
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const above = Map.groupBy(links, ([, to]) => to)
  const below = Map.groupBy(links, ([from]) => from)
  const meanOf = ({ id, x }: Node, side: 'above' | 'below'): number => {
    const found = (side === 'above' ? above.get(id) : below.get(id)) ?? []
    const xs = found.flatMap(([from, to]) => byId.get(side === 'above' ? from : to)?.x ?? [])
    return xs.length === 0 ? x : xs.reduce((sum, each) => sum + each, 0) / xs.length
  }
  for (const row of filled) placeInRow(row, (_, at) => at)
  for (let round = 0; round < 12; round++) {
    const side = round % 2 === 0 ? 'above' : 'below'
    for (const row of side === 'above' ? filled : filled.toReversed()) {
      const wanted = new Map(row.map((node) => [node, meanOf(node, side)]))
      // Later rounds only shift: an order that still changes would not come to rest.
      if (round < 8) row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0))
      placeInRow(row, (node) => wanted.get(node) ?? 0)
    }
  }
  return filled
}

function measure(rows: Node[][], nodes: Map<string, Node>, paths: string[][]): Layout {
  const all = [...nodes.values()]
  const left = Math.min(0, ...all.map(({ x, width }) => x - width / 2))
  const tops: number[] = []
  const heights = rows.map((row) => Math.max(0, ...row.map((node) => node.height)))
  let height = 0
  heights.forEach((own, at) => {
    tops[at] = height
    height += own + (at % 2 === 0 ? 16 : sizes.rowGap)
  })
  const place = ({ id, x, row, width, height: own }: Node): Box => ({
    ...{ id, width },
    // A line that only passes goes straight through its row, between the boxes.
    height: own > 0 ? own : (heights[row] ?? 0),
    x: x - left - width / 2,
    y: tops[row] ?? 0,
  })
  const lines = paths.map((path) => ({
    id: path.join(' '),
    points: path.flatMap((id, at): [number, number][] => {
      const node = nodes.get(id)
      if (!node) return []
      const { x, y, width, height: own } = place(node)
      const middle = x + width / 2
      const ends: [number, number][] = [
        [middle, y],
        [middle, y + own],
      ]
      if (at === 0) return ends.slice(1)
      return at === path.length - 1 && !node.way ? ends.slice(0, 1) : ends
    }),
  }))
  return {
    width: Math.max(0, ...all.map(({ x, width }) => x - left + width / 2)),
    height,
    cards: all.filter(({ id, way }) => !way && !id.startsWith('way ')).map(place),
    ways: all.flatMap((node) => (node.way ? [{ ...place(node), way: node.way }] : [])),
    lines,
  }
}
