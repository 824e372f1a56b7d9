import type { ConsentScope, ConsentState } from './consent.ts'
import { consentPhrases } from './consent-phrases.ts'
import type { ConsentSettings } from './consent-settings.ts'
import { consentWords, type ConsentLanguage, type ConsentWords } from './consent-words.ts'
import { bareWords, foldWords } from './fold-words.ts'

/** What a message means for our consent, and by which word and rule. */
export interface ConsentVerdict {
  state: ConsentState
  category: ConsentScope
  word: string
  /** Undefined for words of several languages and for a workspace's own. */
  language: ConsentLanguage | undefined
  rule: 'whole message' | 'without accents' | 'repeated' | 'polite words' | 'typing mistake'
}

type Meaning = Omit<ConsentVerdict, 'rule'>

/** A workspace's settings, made ready for looking up. */
export interface ConsentRules {
  settings: ConsentSettings
  exact: Map<string, Meaning>
  bare: Map<string, Meaning>
  never: Set<string>
  longest: number
  fuzzy: { never: Set<string>; fillers: Filler[] } | undefined
}
interface Filler {
  text: string
  /** Scripts without spaces attach it. */
  attached: boolean
}

/** Polite company makes a message at most this much longer than the longest word. */
const fuzzyLength = 80
/** Shorter words are too near to others: "shop", "step". */
const shortestTypo = 6
const attachedLanguages = new Set<ConsentLanguage>(['zh', 'ja', 'ko', 'th'])
const universal: ConsentWords = { stop: ['stop'], stopMarketing: [], start: ['start'] }

export function compileConsentRules(settings: ConsentSettings): ConsentRules {
  const rules: ConsentRules = {
    settings,
    exact: new Map(),
    bare: new Map(),
    never: new Set(settings.never.map(foldWords)),
    longest: 0,
    fuzzy: settings.fuzzy ? compileFuzzy(settings.languages) : undefined,
  }
  for (const language of settings.languages) {
    addWords(rules, { ...consentWords[language], ...settings.words[language] }, language)
  }
  addWords(rules, universal)
  addWords(rules, settings.extraWords)
  return rules
}

function compileFuzzy(languages: ConsentLanguage[]): ConsentRules['fuzzy'] {
  const never = languages.flatMap((language) => consentPhrases[language].never.map(foldWords))
  const fillers = languages.flatMap((language) =>
    consentPhrases[language].fillers.map((text) => ({
      text: foldWords(text),
      attached: attachedLanguages.has(language),
    })),
  )
  fillers.sort((a, b) => b.text.length - a.text.length)
  return { never: new Set([...never, ...never.map(bareWords)]), fillers }
}

/** Opt-outs first: a word that stands in both kinds of lists is one. */
function addWords(rules: ConsentRules, words: ConsentWords, language?: ConsentLanguage): void {
  const scope = rules.settings.stopScope === 'everything' ? 'all' : 'marketing'
  const add = (list: string[], state: ConsentState, category: ConsentScope) => {
    for (const word of list) addWord(rules, { state, category, word, language }, words.accentsMatter)
  }
  add(words.stop, 'opted_out', scope)
  add(words.stopMarketing, 'opted_out', 'marketing')
  add(words.start, 'opted_in', scope)
}

function addWord(rules: ConsentRules, meaning: Meaning, accentsMatter = false): void {
  const folded = foldWords(meaning.word)
  rules.longest = Math.max(rules.longest, folded.length)
  put(rules.exact, folded, meaning)
  if (!accentsMatter || folded.includes(' ')) put(rules.bare, bareWords(folded), meaning)
}

function put(words: Map<string, Meaning>, key: string, meaning: Meaning): void {
  const known = words.get(key)
  if (!known || (known.state === 'opted_in' && meaning.state === 'opted_out')) words.set(key, meaning)
  else if (known.state === meaning.state && known.language !== meaning.language)
    words.set(key, { ...known, language: undefined })
}

/**
 * What a message says, by its text or a button's title and payload. Nearly every message is no such word, so this is a
 * comparison of lengths and a look into a map.
 */
export function judgeConsent(rules: ConsentRules, texts: string[]): ConsentVerdict | undefined {
  if (!rules.settings.keywords) return undefined
  for (const text of texts) {
    const verdict = judgeText(rules, text)
    if (verdict) return verdict
  }
  return undefined
}

/** Folding may take away more than half of a text: doubled letters, emoji, invisible characters. */
const longestRaw = 400

function judgeText(rules: ConsentRules, text: string): ConsentVerdict | undefined {
  if (text.length > longestRaw) return undefined
  const folded = foldWords(text)
  if (folded === '' || rules.never.has(folded)) return undefined
  if (folded.length <= rules.longest) {
    const verdict = lookUp(rules, folded)
    if (verdict) return verdict
  }
  const once = withoutRepetition(folded)
  const repeated = once === undefined ? undefined : lookUp(rules, once)
  if (repeated) return { ...repeated, rule: 'repeated' }
  return rules.fuzzy && folded.length <= fuzzyLength ? judgeFuzzily(rules, rules.fuzzy, folded) : undefined
}

/** Typed without accents a word is the same; an accent that the word has not makes another one. */
function lookUp(rules: ConsentRules, folded: string): ConsentVerdict | undefined {
  const exact = rules.exact.get(folded)
  if (exact) return { ...exact, rule: 'whole message' }
  const bare = bareWords(folded) === folded ? rules.bare.get(folded) : undefined
  return bare && { ...bare, rule: 'without accents' }
}

function withoutRepetition(folded: string): string | undefined {
  const words = folded.split(/[^\p{L}\p{N}\p{M}]+/u)
  return words.length > 1 && words.every((word) => word === words[0]) ? words[0] : undefined
}

/** Only words known to be harmless may surround the word; a "not", a "by the shop" or anything else leaves it unheard. */
function judgeFuzzily(
  rules: ConsentRules,
  fuzzy: NonNullable<ConsentRules['fuzzy']>,
  folded: string,
): ConsentVerdict | undefined {
  if (fuzzy.never.has(folded)) return undefined
  const core = withoutFillers(fuzzy.fillers, foldWords(folded.replace(/[,;.!…،、，。]+/gu, ' ')))
  if (core === '' || fuzzy.never.has(core)) return undefined
  const polite = core === folded ? undefined : lookUp(rules, core)
  if (polite) return { ...polite, rule: 'polite words' }
  const bare = bareWords(core)
  if (bare.length < shortestTypo - 1 || rules.bare.get(bare)) return undefined
  for (const [word, meaning] of rules.bare) {
    const near = meaning.state === 'opted_out' && word.length >= shortestTypo && isOneMistakeAway(word, bare)
    if (near) return { ...meaning, rule: 'typing mistake' }
  }
  return undefined
}

function withoutFillers(fillers: Filler[], folded: string): string {
  let core = folded
  for (;;) {
    const before = core
    for (const { text, attached } of fillers) {
      if (core.startsWith(attached ? text : `${text} `)) core = foldWords(core.slice(text.length))
      if (core.endsWith(attached ? text : ` ${text}`)) core = foldWords(core.slice(0, -text.length))
    }
    if (core === before) return core
  }
}

/** One letter too many, too few, wrong, or two swapped. */
function isOneMistakeAway(word: string, typed: string): boolean {
  if (Math.abs(word.length - typed.length) > 1 || word === typed) return false
  let start = 0
  while (start < word.length && word[start] === typed[start]) start += 1
  const [rest, other] = [word.slice(start), typed.slice(start)]
  if (rest.length > other.length) return rest.slice(1) === other
  if (rest.length < other.length) return rest === other.slice(1)
  const isSwapped = rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2)
  return isSwapped || rest.slice(1) === other.slice(1)
}
