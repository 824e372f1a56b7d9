import { locateJson } from './locate-json.ts'

type Json = Record<string, unknown>
type Path = (string | number)[]
type Problem = { error: string; message: string; path: Path }

/** One entry of `validation_errors`. */
export type FlowValidationError = {
  error: string
  error_type: string
  message: string
  line_start: number
  line_end: number
  column_start: number
  column_end: number
  pointers: { line_start: number; line_end: number; column_start: number; column_end: number; path: string }[]
}

/** Looks at a Flow JSON as Meta does after an upload: what it finds is told with line and column. */
export function checkFlowFile(text: string): FlowValidationError[] {
  const flow = parse(text)
  if (!flow)
    return [toError('', { error: 'INVALID_JSON', message: 'The file is not a JSON object.', path: [] })]
  const screens = list(flow.screens)
  const problems: Problem[] = []
  const need = (node: Json, key: string, path: Path) => {
    if (node[key] !== undefined) return
    const message = `Missing required property '${key}'.`
    problems.push({ error: 'REQUIRED_PROPERTY_MISSING', message, path })
  }
  need(flow, 'version', [])
  need(flow, 'screens', [])
  if (screens.length > 0 && !screens.some((screen) => screen.terminal === true)) {
    problems.push({
      error: 'MISSING_TERMINAL_SCREEN',
      message: 'A terminal screen is missing.',
      path: ['screens'],
    })
  }
  for (const [at, screen] of screens.entries()) {
    need(screen, 'id', ['screens', at])
    need(screen, 'layout', ['screens', at])
    problems.push(...checkReferences(screen, ['screens', at]))
  }
  return problems.map((problem) => toError(text, problem))
}

/** `${data.x}` must be declared by its screen, `${form.x}` must be a field of it. */
function checkReferences(screen: Json, path: Path): Problem[] {
  const declared = new Set(Object.keys(record(screen.data)))
  const fields = new Set<string>()
  const texts: { text: string; path: Path }[] = []
  const walk = (value: unknown, at: Path) => {
    if (typeof value === 'string') texts.push({ text: value, path: at })
    else if (Array.isArray(value)) value.forEach((child, index) => walk(child, [...at, index]))
    else if (value && typeof value === 'object') {
      const node = value as Json
      if (typeof node.name === 'string') fields.add(node.name)
      for (const [key, child] of Object.entries(node)) walk(child, [...at, key])
    }
  }
  walk(screen.layout, [...path, 'layout'])
  return texts.flatMap(({ text, path: at }) =>
    [...text.matchAll(/\$\{(data|form)\.(\w+)[^}]*\}/g)].flatMap(([reference, kind, name = '']) => {
      if ((kind === 'data' ? declared : fields).has(name)) return []
      const where = kind === 'data' ? "the screen's data" : "the screen's fields"
      const message = `Missing dynamic data: ${reference} is not among ${where}.`
      return [{ error: 'MISSING_DYNAMIC_DATA', message, path: at }]
    }),
  )
}

function toError(text: string, { error, message, path }: Problem): FlowValidationError {
  const place = text ? locateJson(text, path) : { line_start: 1, line_end: 1, column_start: 1, column_end: 1 }
  const pointer = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return {
    error,
    error_type: error === 'INVALID_JSON' ? 'JSON_SCHEMA_ERROR' : 'FLOW_JSON_ERROR',
    message,
    ...place,
    pointers: [{ ...place, path: pointer.replace(/^\./, '') }],
  }
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : []
}

function record(value: unknown): Json {
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {}
}
