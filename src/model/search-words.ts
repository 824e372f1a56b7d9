/** One part of what was typed into a search: a word, a phrase in quotation marks, or the beginning of a word. */
export interface SearchTerm {
  text: string
  isPrefix: boolean
  /** What must not be there. */
  isNegated: boolean
}

/** Words beyond these say nothing more. */
const maximumTerms = 10

/** `late "red shoes" deliv* -refund`. A mark that is not closed ends with the text. */
export function readTerms(typed: string): SearchTerm[] {
  const found = typed.normalize('NFC').matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)
  const terms = [...found].flatMap(([, minus, phrase, word = '']) => {
    const isPrefix = phrase === undefined && /\*+$/.test(word)
    const text = (phrase ?? word.replace(/\*+$/, '')).trim()
    return /[\p{L}\p{N}]/u.test(text) ? [{ text, isPrefix, isNegated: minus === '-' }] : []
  })
  return terms.slice(0, maximumTerms)
}

/** Marks where a word was found, in texts that are escaped after they were marked. */
export const foundMarks = { start: '\u0002', end: '\u0003' } as const

/** A piece of text as HTML, its marks as `<mark>`. Nothing of the text itself becomes a tag. */
export function toHeadline(marked: string): string {
  return marked
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
    .replaceAll(foundMarks.start, '<mark>')
    .replaceAll(foundMarks.end, '</mark>')
}

/** Some words before and after the first place where a part of the text is. */
const aroundLetters = 60

/** The part of a text around a fragment, marked wherever it is found in it. Case does not matter. */
export function markFragment(text: string, fragment: string): string {
  const clean = text.replaceAll(foundMarks.start, '').replaceAll(foundMarks.end, '')
  const pattern = new RegExp(fragment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu')
  const at = Math.max(0, clean.search(pattern))
  const [from, to] = [Math.max(0, at - aroundLetters), at + fragment.length + aroundLetters]
  const part = clean.slice(from, to).toWellFormed()
  const marked = part.replace(pattern, (found) => `${foundMarks.start}${found}${foundMarks.end}`)
  return `${from > 0 ? '…' : ''}${marked}${to < clean.length ? '…' : ''}`
}
