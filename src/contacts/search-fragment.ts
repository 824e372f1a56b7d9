import { escapeLike } from '../db/escape-like.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'

/** What was typed into a search field, as two conditions of which one must hold. */
export interface Search {
  /** Over `contacts c`: every word is part of a name or of the e-mail address; absent for a phone number. */
  names: Fragment | undefined
  /** Over `identities i`: the whole is part of a phone number, a username or another id; absent for several words. */
  ids: Fragment | undefined
}

/** Words beyond these say nothing more. */
const maximumWords = 6
/** So many digits are of a phone number or of an id, not of a name. */
const phoneDigits = 5

/** Accents and case do not matter. One or two letters must begin a word: there would be no end of them inside of words. */
export function readSearch(search: string): Search {
  const text = search.normalize('NFKC').trim()
  const digits = text.replace(/[\s().+-]/g, '')
  const isNumber = /^\d+$/.test(digits)
  return {
    names: isNumber && digits.length >= phoneDigits ? undefined : namesFragment(text),
    ids: isNumber
      ? part(digits.replace(/^00(?=\d)/, ''))
      : /\s/.test(text)
        ? undefined
        : part(escapeLike(text)),
  }
}

function namesFragment(text: string): Fragment {
  const words = text.split(/\s+/).slice(0, maximumWords)
  const each = words.map((word) => {
    const before = word.length > 2 ? '%' : '% '
    return sql`c.search like ${before}::text || fold_text(${escapeLike(word)}::text) || '%'`
  })
  return joined(each, ' and ')
}

function part(value: string): Fragment {
  return sql`i.value ilike ${`${value.length > 2 ? '%' : ''}${value}%`}::text`
}
