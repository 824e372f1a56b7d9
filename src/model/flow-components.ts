/** A finding in a Flow JSON, by its path in the file. */
export interface FlowProblem {
  path: (string | number)[]
  message: string
}
export type FlowNode = Record<string, unknown>

interface ComponentRule {
  required: string[]
  /** Longest text by property; dynamic texts, `${…}`, are measured on the phone. */
  limits?: Record<string, number>
  /** Least and most options of a static `data-source`. */
  options?: [number, number]
  /** At most so many on one screen. */
  perScreen?: number
}

/** Kinds and limits of Meta's Flow JSON reference, "Components". */
const rules: Record<string, ComponentRule> = {
  TextHeading: { required: ['text'], limits: { text: 80 } },
  TextSubheading: { required: ['text'], limits: { text: 80 } },
  TextBody: { required: ['text'], limits: { text: 4096 } },
  TextCaption: { required: ['text'], limits: { text: 409 } },
  RichText: { required: ['text'] },
  TextInput: {
    required: ['name', 'label'],
    limits: { label: 20, 'helper-text': 80, 'error-message': 30 },
  },
  TextArea: { required: ['name', 'label'], limits: { label: 20, 'helper-text': 80 } },
  CheckboxGroup: { required: ['name', 'data-source'], limits: { label: 30 }, options: [1, 20] },
  RadioButtonsGroup: { required: ['name', 'data-source'], limits: { label: 30 }, options: [1, 20] },
  ChipsSelector: { required: ['name', 'label', 'data-source'], limits: { label: 80 }, options: [2, 20] },
  Dropdown: { required: ['name', 'label', 'data-source'], limits: { label: 20 }, options: [1, 200] },
  Footer: {
    required: ['label', 'on-click-action'],
    limits: { label: 35, 'left-caption': 15, 'center-caption': 15, 'right-caption': 15 },
    perScreen: 1,
  },
  OptIn: { required: ['name', 'label'], limits: { label: 120 }, perScreen: 5 },
  EmbeddedLink: { required: ['text', 'on-click-action'], limits: { text: 25 }, perScreen: 2 },
  DatePicker: {
    required: ['name', 'label'],
    limits: { label: 40, 'helper-text': 80, 'error-message': 80 },
  },
  CalendarPicker: { required: ['name', 'label'] },
  Image: { required: ['src'], perScreen: 3 },
  ImageCarousel: { required: ['images'], perScreen: 2 },
  PhotoPicker: { required: ['name', 'label'], limits: { label: 80, description: 300 }, perScreen: 1 },
  DocumentPicker: { required: ['name', 'label'], limits: { label: 80, description: 300 }, perScreen: 1 },
  NavigationList: { required: ['name', 'list-items'], perScreen: 2 },
  Form: { required: ['name', 'children'] },
  If: { required: ['condition', 'then'] },
  Switch: { required: ['value', 'cases'] },
}
const maximumPerScreen = 50

/** A component of a screen, wherever it is nested. */
export interface PlacedComponent {
  component: FlowNode
  path: (string | number)[]
  /** Only one of the branches of an `If` or a `Switch` is shown. */
  isBranch: boolean
}

/** Every component under a list of children. */
export function listComponents(
  children: unknown,
  path: (string | number)[],
  isBranch = false,
): PlacedComponent[] {
  if (!Array.isArray(children)) return []
  return children.flatMap((child: unknown, at) => {
    const component = toNode(child)
    const here = [...path, at]
    const inside = (key: string, branch: boolean) => listComponents(component[key], [...here, key], branch)
    const cases = Object.keys(toNode(component['cases'])).flatMap((name) =>
      listComponents(toNode(component['cases'])[name], [...here, 'cases', name], true),
    )
    return [
      { component, path: here, isBranch },
      ...inside('children', isBranch),
      ...inside('then', true),
      ...inside('else', true),
      ...cases,
    ]
  })
}

/** What is wrong with a screen's components, by themselves and together. */
export function checkComponents(placed: PlacedComponent[]): FlowProblem[] {
  const problems = placed.flatMap(checkComponent)
  const beyond = placed[maximumPerScreen]
  if (beyond)
    problems.push({ path: beyond.path, message: `a screen has at most ${maximumPerScreen} components` })
  const counts = new Map<string, number>()
  const names = new Set<string>()
  for (const { component, path, isBranch } of placed) {
    const { type, name } = component as { type?: string; name?: string }
    if (isBranch || typeof type !== 'string') continue
    const count = (counts.get(type) ?? 0) + 1
    counts.set(type, count)
    const most = rules[type]?.perScreen
    if (most !== undefined && count > most)
      problems.push({ path, message: `a screen has at most ${most} ${type}` })
    if (typeof name !== 'string' || type === 'Form') continue
    if (names.has(name))
      problems.push({ path: [...path, 'name'], message: 'another field of the screen has this name' })
    names.add(name)
  }
  return problems
}

function checkComponent({ component, path }: PlacedComponent): FlowProblem[] {
  const { type } = component
  const rule = typeof type === 'string' && Object.hasOwn(rules, type) ? rules[type] : undefined
  if (!rule) return [{ path: [...path, 'type'], message: 'is no kind of component that WhatsApp knows' }]
  const missing = rule.required
    .filter((key) => component[key] === undefined || component[key] === '')
    .map((key) => ({ path: [...path, key], message: 'is required' }))
  const tooLong = Object.entries(rule.limits ?? {}).flatMap(([key, most]) => {
    const text = component[key]
    if (typeof text !== 'string' || text.includes('${') || text.length <= most) return []
    return [{ path: [...path, key], message: `must have at most ${most} characters, not ${text.length}` }]
  })
  return [...missing, ...tooLong, ...checkOptions(component, rule, path)]
}

function checkOptions(
  component: FlowNode,
  { options }: ComponentRule,
  path: (string | number)[],
): FlowProblem[] {
  const source = component['data-source']
  if (!options || !Array.isArray(source)) return []
  const [least, most] = options
  const at = [...path, 'data-source']
  if (source.length < least || source.length > most) {
    return [{ path: at, message: `must have ${least} to ${most} options, not ${source.length}` }]
  }
  const seen = new Set<unknown>()
  return source.flatMap((option: unknown, index) => {
    const { id } = toNode(option)
    const isRepeated = seen.has(id)
    seen.add(id)
    if (typeof id !== 'string' || id === '') return [{ path: [...at, index, 'id'], message: 'is required' }]
    return isRepeated ? [{ path: [...at, index, 'id'], message: 'another option has this id' }] : []
  })
}

export function toNode(value: unknown): FlowNode {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as FlowNode) : {}
}
