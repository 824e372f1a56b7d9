/** What a word that is being typed may become. */
export interface Suggestion {
  id: string
  title: string
  detail: string
  /** Takes the place of the word, with its sign. */
  text: string
}
/** A word that began with a sign, as far as it is typed. */
export interface Asked {
  from: number
  to: number
  words: string
}

/** `/hel` at the very start, or `@ma` after a space: what stands before the cursor. */
export function findAsked(text: string, caret: number, sign: '/' | '@'): Asked | undefined {
  const before = text.slice(0, caret)
  const match = sign === '/' ? /^\/([^\n]*)$/.exec(before) : /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before)
  if (!match) return undefined
  const words = match[1] ?? ''
  return { from: caret - words.length - 1, to: caret, words: words.toLowerCase() }
}

/** Those whose title begins so first, then those that hold it. */
export function suggest(all: Suggestion[], words: string): Suggestion[] {
  const rank = ({ title, detail }: Suggestion) => {
    if (title.toLowerCase().startsWith(words)) return 0
    return `${title} ${detail}`.toLowerCase().includes(words) ? 1 : 2
  }
  return all
    .map((each) => ({ each, at: rank(each) }))
    .filter(({ at }) => at < 2)
    .toSorted((a, b) => a.at - b.at)
    .slice(0, 8)
    .map(({ each }) => each)
}
