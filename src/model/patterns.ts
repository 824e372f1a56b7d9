import { patternDegree } from './pattern-cost.ts'

/** The text may be some hundred characters long: with its cube that is some ten million steps. */
const usualDegree = 3

/**
 * Why a regular expression of a user's may not be used: it does not compile, or it repeats a group that itself repeats or
 * chooses, which can take exponential time, `((a+))+$` as much as `(a|a)*b`; or too many of its repetitions can take the same
 * text, like those of `.*.*.*x`.
 * @param degree how fast its time may grow with the text: 2 is with the square of its length.
 */
export function patternProblem(pattern: string, flags: string, degree = usualDegree): string | undefined {
  try {
    new RegExp(pattern, flags)
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`
  }
  if (repeatsManyWays(pattern)) return 'repeats a repetition or a choice, which can run for ever'
  if (patternDegree(pattern, flags) <= degree) return undefined
  return 'has too many repetitions that take the same text, which can run for very long: begin with ^, or say what each may not take, like [^,]*'
}

/** Escapes, character classes and the beginning of special groups say nothing about repetition. */
const neutral = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[=!:]|<[=!]|<\w+>)/gsu

function repeatsManyWays(pattern: string): boolean {
  const plain = pattern.replace(neutral, (part) => (part.startsWith('(') ? '(' : 'x'))
  /** Of each open group: can what it holds match in more than one way? */
  const groups = [false]
  const signs = [...plain]
  for (const [at, sign] of signs.entries()) {
    if (sign === '(') groups.push(false)
    else if (sign === ')') {
      const isMany = groups.pop() ?? false
      if (isMany && /[+*{]/.test(signs[at + 1] ?? '')) return true
      if (isMany) groups[groups.length - 1] = true
    } else if (/[+*{|]/.test(sign)) groups[groups.length - 1] = true
  }
  return false
}
