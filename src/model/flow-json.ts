import {
  checkComponents,
  listComponents,
  toNode,
  type FlowNode,
  type FlowProblem,
} from './flow-components.ts'

/** Where an endpoint sends a customer who is done: no screen may take this id. */
export const successScreen = 'SUCCESS'
const maximumBranches = 10

/**
 * The basics of a Flow JSON: version, screens, a terminal screen, the routing model, components and their limits.
 * WhatsApp looks further; what it finds comes back with line and column when the file is uploaded.
 */
export function checkFlowJson(flow: unknown): FlowProblem[] {
  const root = toNode(flow)
  const screens = Array.isArray(root['screens']) ? root['screens'].map(toNode) : []
  return [
    ...checkHead(root, screens),
    ...screens.flatMap((screen, at) => checkScreen(root, screens, screen, at)),
    ...checkRouting(root, screens),
  ]
}

/** Whether its screens ask our endpoint. */
export function needsEndpoint(flow: unknown): boolean {
  return toNode(flow)['data_api_version'] !== undefined
}

export function screenIds(flow: unknown): string[] {
  const { screens } = toNode(flow)
  return Array.isArray(screens) ? idsOf(screens.map(toNode)) : []
}

function checkHead(root: FlowNode, screens: FlowNode[]): FlowProblem[] {
  const problems: FlowProblem[] = []
  const { version, data_api_version: dataVersion } = root
  if (typeof version !== 'string' || !/^\d{1,2}\.\d{1,2}$/.test(version)) {
    problems.push({ path: ['version'], message: 'must be a version of Flow JSON, e.g. "7.0"' })
  }
  if (dataVersion !== undefined && dataVersion !== '3.0') {
    problems.push({ path: ['data_api_version'], message: 'must be "3.0"' })
  }
  if (screens.length === 0)
    problems.push({ path: ['screens'], message: 'must be a list of at least one screen' })
  else if (!screens.some((screen) => screen['terminal'] === true)) {
    problems.push({ path: ['screens'], message: 'one screen must be terminal: there the Flow ends' })
  }
  return problems
}

function checkScreen(root: FlowNode, screens: FlowNode[], screen: FlowNode, at: number): FlowProblem[] {
  const path = ['screens', at]
  const { id, terminal, layout } = screen
  const problems: FlowProblem[] = []
  if (typeof id !== 'string' || !/^[A-Za-z_]{1,80}$/.test(id)) {
    problems.push({ path: [...path, 'id'], message: 'must be letters and _ only' })
  } else if (id === successScreen) {
    problems.push({
      path: [...path, 'id'],
      message: `${successScreen} is the end of a Flow with an endpoint`,
    })
  } else if (screens.slice(0, at).some((before) => before['id'] === id)) {
    problems.push({ path: [...path, 'id'], message: 'another screen has this id' })
  }
  const { type, children } = toNode(layout)
  if (type !== 'SingleColumnLayout') {
    problems.push({ path: [...path, 'layout', 'type'], message: 'must be "SingleColumnLayout"' })
  }
  if (!Array.isArray(children) || children.length === 0) {
    problems.push({ path: [...path, 'layout', 'children'], message: 'must hold at least one component' })
  }
  const placed = listComponents(children, [...path, 'layout', 'children'])
  if (terminal === true && !placed.some(({ component }) => component['type'] === 'Footer')) {
    problems.push({ path: [...path, 'layout', 'children'], message: 'a terminal screen needs a Footer' })
  }
  const actions = placed.flatMap(({ component, path: place }) =>
    checkAction(root, screens, screen, toNode(component['on-click-action']), [...place, 'on-click-action']),
  )
  return [...problems, ...checkComponents(placed), ...actions]
}

function checkAction(
  root: FlowNode,
  screens: FlowNode[],
  screen: FlowNode,
  action: FlowNode,
  path: (string | number)[],
): FlowProblem[] {
  const { name } = action
  if (name === 'navigate') {
    const { name: target } = toNode(action['next'])
    const known = typeof target === 'string' && idsOf(screens).includes(target)
    return known ? [] : [{ path: [...path, 'next', 'name'], message: 'there is no such screen' }]
  }
  if (name === 'data_exchange' && !needsEndpoint(root)) {
    return [
      { path: [...path, 'name'], message: 'data_exchange needs data_api_version "3.0" and an endpoint' },
    ]
  }
  if (name === 'complete' && screen['terminal'] !== true) {
    return [{ path: [...path, 'name'], message: 'only a terminal screen may complete the Flow' }]
  }
  return []
}

function checkRouting(root: FlowNode, screens: FlowNode[]): FlowProblem[] {
  const { routing_model: model } = root
  if (model === undefined) {
    if (!needsEndpoint(root)) return []
    return [{ path: ['routing_model'], message: 'is required for a Flow with an endpoint' }]
  }
  const ids = idsOf(screens)
  const routes = Object.entries(toNode(model)).map(
    ([from, to]) => [from, Array.isArray(to) ? to : undefined] as const,
  )
  const problems = routes.flatMap(([from, to]): FlowProblem[] => {
    const path = ['routing_model', from]
    if (!ids.includes(from)) return [{ path, message: 'there is no such screen' }]
    if (!to) return [{ path, message: 'must be a list of screens' }]
    const tooMany = to.length > maximumBranches ? [{ path, message: `at most ${maximumBranches} ways` }] : []
    return [
      ...tooMany,
      ...to.flatMap((target, at) => checkRoute(from, target, [...path, at], ids, toNode(model))),
    ]
  })
  if (problems.length > 0) return problems
  const ends = new Set(idsOf(screens.filter((screen) => screen['terminal'] === true)))
  const graph = new Map(routes.map(([from, to]) => [from, (to ?? []) as string[]]))
  return [...graph.keys()]
    .filter((from) => !reaches(graph, from, ends))
    .map((from) => ({
      path: ['routing_model', from],
      message: 'no way leads from here to a terminal screen',
    }))
}

function checkRoute(
  from: string,
  target: unknown,
  path: (string | number)[],
  ids: string[],
  model: FlowNode,
): FlowProblem[] {
  if (typeof target !== 'string' || !ids.includes(target))
    return [{ path, message: 'there is no such screen' }]
  if (target === from) return [{ path, message: 'a screen does not lead to itself' }]
  const back = model[target]
  const isBack = Array.isArray(back) && back.includes(from) && from > target
  return isBack ? [{ path, message: `the way back from ${from} to ${target} is not written down` }] : []
}

function reaches(graph: Map<string, string[]>, from: string, ends: Set<string>): boolean {
  const seen = new Set<string>()
  const todo = [from]
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (ends.has(id)) return true
    if (seen.has(id)) continue
    seen.add(id)
    todo.push(...(graph.get(id) ?? []))
  }
  return false
}

function idsOf(screens: FlowNode[]): string[] {
  return screens.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
}
