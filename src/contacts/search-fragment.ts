import { escapeLike } from '../db/escape-like.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'

/** What was typed into a search field, as two conditions of which one must hold. */
export interface Search {
  /** Over `contacts c`: every word is part of a name or of the e-mail address. */
  names: Fragment
  /** Over `identities i`: the whole is part of a phone number, a username or another id; absent for several words. */
  ids: Fragment | undefined
}

/** Words beyond these say nothing more. */
const maximumWords = 6

/** Accents and case do not matter. One or two letters must begin a word: there would be no end of them inside of words. */
export function readSearch(search: string): Search {
  const text = search.normalize('NFKC').trim()
  const words = text.split(/\s+/).slice(0, maximumWords)
  const names = words.map((word) => {
    const before = word.length > 2 ? '%' : '% '
    return sql`c.search like ${before}::text || fold_text(${escapeLike(word)}::text) || '%'`
  })
  return { names: joined(names, ' and '), ids: idsFragment(text) }
}

function idsFragment(text: string): Fragment | undefined {
  const digits = text.replace(/[\s().+-]/g, '')
  if (/^\d+$/.test(digits)) return part(digits.replace(/^00(?=\d)/, ''))
  return /\s/.test(text) ? undefined : part(escapeLike(text))
}

function part(value: string): Fragment {
  return sql`i.value ilike ${`${value.length > 2 ? '%' : ''}${value}%`}::text`
}
