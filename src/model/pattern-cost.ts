/** Characters that stand for their kind; those that a pattern names come to them. */
const usual = `aZ5_ -.,:;@#/\\'"!?+*()[]{}\n\té中😀`

interface Atom {
  /** Which of the characters it takes, one sign for each. */
  takes: boolean[]
  least: number
  isLong: boolean
}
/** A repetition that may take a text, and how many others before it may take the same. */
interface Repetition {
  takes: boolean[]
  depth: number
}

/** More repetitions than this count as repeating without end. */
const manyTimes = 10

/**
 * How fast a pattern's time grows with the text, at worst: 1 is in step, 2 with its square, 3 with its cube. Repetitions that
 * can take the same characters, one after the other, can share them out in as many ways, and each is tried. An upper bound
 * for patterns that compile and repeat no repetition.
 */
export function patternDegree(pattern: string, flags: string): number {
  const samples = [...new Set([...usual, ...pattern])]
  const read = createReader(pattern, samples, flags)
  const { worst } = followAll(read(), { active: [], worst: 0 })
  return worst + (pattern.startsWith('^') ? 0 : 1)
}

type Piece = Atom | { ways: Piece[][]; isOptional: boolean }
interface State {
  active: Repetition[]
  /** Of what something comes after that may fail. */
  worst: number
}

function followAll(pieces: Piece[], from: State): State {
  return pieces.reduce(follow, from)
}

function follow(state: State, piece: Piece): State {
  if (!('ways' in piece)) return followAtom(state, piece)
  const ends = piece.ways.map((way) => followAll(way, state))
  return {
    active: [...(piece.isOptional ? state.active : []), ...ends.flatMap(({ active }) => active)],
    worst: Math.max(state.worst, ...ends.map(({ worst }) => worst)),
  }
}

function followAtom({ active, worst }: State, { takes, least, isLong }: Atom): State {
  const failing = least > 0 ? Math.max(worst, ...active.map(({ depth }) => depth)) : worst
  // What must stand between two repetitions parts them, unless the first can take it too.
  const left = least > 0 ? active.filter((each) => overlaps(each.takes, takes)) : active
  if (!isLong) return { active: left, worst: failing }
  const sharing = active.filter((each) => overlaps(each.takes, takes)).map(({ depth }) => depth)
  return { active: [...left, { takes, depth: 1 + Math.max(0, ...sharing) }], worst: failing }
}

function overlaps(a: boolean[], b: boolean[]): boolean {
  return a.some((takes, at) => takes && b[at] === true)
}

/** Signs of a pattern: escapes, classes, the beginning of groups, single characters. */
const token =
  /^(?:\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\k<\w+>|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[=!:]|<[=!]|<\w+>)|.)/isu
const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/u

/** Reads the ways of a pattern, or of a group of it, up to where it ends. */
function createReader(pattern: string, samples: string[], flags: string) {
  let at = 0
  const take = (): string | undefined => {
    const sign = token.exec(pattern.slice(at))?.[0]
    at += sign?.length ?? 0
    return sign
  }
  const repeat = () => {
    const found = quantifier.exec(pattern.slice(at))
    at += found?.[0].length ?? 0
    return timesOf(found)
  }
  function readGroup(): Piece[] {
    const ways: Piece[][] = [[]]
    for (let sign = take(); sign !== undefined && sign !== ')'; sign = take()) {
      if (sign === '|') ways.push([])
      else ways.at(-1)?.push(...readPiece(sign))
    }
    return ways.length === 1 ? (ways[0] ?? []) : [{ ways, isOptional: false }]
  }
  function readPiece(sign: string): Piece[] {
    if (sign.startsWith('(')) {
      const inside = readGroup()
      const { least, isLong } = repeat()
      if (isLong) return [{ takes: allOf(inside, samples.length), least, isLong }]
      return [{ ways: [inside], isOptional: least === 0 }]
    }
    if (sign === '^' || /^\\[bB]$/.test(sign)) return []
    // The end and what stood before take any text, as far as this can tell: they may fail.
    const isOpen = sign === '$' || /^\\(?:\d|k<)/.test(sign)
    return [{ takes: isOpen ? samples.map(() => true) : setOf(sign, samples, flags), ...repeat() }]
  }
  return readGroup
}

/** What a group of it may take, all in all. */
function allOf(pieces: Piece[], count: number): boolean[] {
  const sets = pieces.flatMap((piece) =>
    'ways' in piece ? piece.ways.map((way) => allOf(way, count)) : [piece.takes],
  )
  return Array.from({ length: count }, (_, at) => sets.some((takes) => takes[at] === true))
}

function timesOf(found: RegExpExecArray | null): { least: number; isLong: boolean } {
  if (!found) return { least: 1, isLong: false }
  const [sign, least, comma, most] = found
  if (least === undefined) return { least: Number(sign.startsWith('+')), isLong: !sign.startsWith('?') }
  const isLong = comma === ',' && (most === '' || Number(most) - Number(least) >= manyTimes)
  return { least: Number(least), isLong }
}

function setOf(sign: string, samples: string[], flags: string): boolean[] {
  const one = new RegExp(`^(?:${sign})$`, flags)
  return samples.map((sample) => one.test(sample))
}
