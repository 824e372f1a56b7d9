/** Where a value stands in a text: lines and columns count from 1, as Meta's do. */
export type JsonPlace = { line_start: number; line_end: number; column_start: number; column_end: number }

/** The place of the value at a path of a valid JSON text; of its nearest parent when it is not there. */
export function locateJson(text: string, path: (string | number)[]): JsonPlace {
  const found = seek(text, 0, path)
  return { ...startOf(text, found.start), ...endOf(text, found.end) }
}

function startOf(text: string, offset: number) {
  const { line, column } = positionOf(text, offset)
  return { line_start: line, column_start: column }
}

function endOf(text: string, offset: number) {
  const { line, column } = positionOf(text, offset)
  return { line_end: line, column_end: column }
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

type Span = { start: number; end: number }

function seek(text: string, from: number, path: (string | number)[]): Span {
  const start = skipBlank(text, from)
  const own = { start, end: skipValue(text, start) }
  const [step, ...rest] = path
  if (step === undefined) return own
  const child = childrenOf(text, start).find(({ key }) => key === step)
  return child ? seek(text, child.start, rest) : own
}

/** The members of an object or an array, with where their values begin. */
function childrenOf(text: string, start: number): { key: string | number; start: number }[] {
  const isObject = text[start] === '{'
  if (!isObject && text[start] !== '[') return []
  const children: { key: string | number; start: number }[] = []
  let at = skipBlank(text, start + 1)
  while (text[at] !== '}' && text[at] !== ']') {
    let key: string | number = children.length
    if (isObject) {
      const end = skipValue(text, at)
      key = JSON.parse(text.slice(at, end)) as string
      at = skipBlank(text, skipBlank(text, end) + 1)
    }
    children.push({ key, start: at })
    at = skipBlank(text, skipValue(text, at))
    if (text[at] === ',') at = skipBlank(text, at + 1)
  }
  return children
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (/\s/.test(text[at] ?? '')) at += 1
  return at
}

/** Behind the value that begins here. */
function skipValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if (sign === '"') {
      at = endOfString(text, at)
      if (depth === 0) return at + 1
    } else if ('{['.includes(sign)) depth += 1
    else if ('}]'.includes(sign)) {
      if (depth === 0) return at
      depth -= 1
      if (depth === 0) return at + 1
    } else if (depth === 0 && /[\s,:]/.test(sign)) return at
  }
  return text.length
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"' && at < text.length) at += text[at] === '\\' ? 2 : 1
  return at
}
