/**
 * Why a regular expression of a user's may not be used: it does not compile, or it repeats a group that itself repeats or
 * chooses. Such patterns can take exponential time, `((a+))+$` as much as `(a|a)*b`.
 */
export function patternProblem(pattern: string, flags: string): string | undefined {
  try {
    new RegExp(pattern, flags)
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`
  }
  return repeatsManyWays(pattern) ? 'repeats a repetition or a choice, which can run for ever' : undefined
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
