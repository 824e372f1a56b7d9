import { consentPhrases } from '../../src/model/consent-phrases.ts'
import { consentSettingsSchema } from '../../src/model/consent-settings.ts'
import { consentLanguages, consentWords } from '../../src/model/consent-words.ts'
import { bareWords, foldWords } from '../../src/model/fold-words.ts'
import { compileConsentRules, judgeConsent } from '../../src/model/judge-consent.ts'

const rulesOf = (settings: object = {}) => compileConsentRules(consentSettingsSchema.parse(settings))
const plain = rulesOf()
const fuzzy = rulesOf({ fuzzy: true })
const stateOf = (text: string, rules = plain) => judgeConsent(rules, [text])?.state

/** How the same word arrives from phones. */
const disguises: [string, (word: string) => string][] = [
  ['as it is', (word) => word],
  ['in capitals', (word) => word.toUpperCase()],
  ['with punctuation and emoji', (word) => `  *${word}*!!! 🛑🙏🏽`],
  ['in quotation marks', (word) => `“${word}”.`],
  ['with invisible characters', (word) => [...word].join('\u200b')],
  ['decomposed', (word) => word.normalize('NFD')],
]

describe.each(consentLanguages)('the words of %s', (language) => {
  const words = consentWords[language]
  const alone = rulesOf({ languages: [language] })

  test.each(disguises)('%s', (_name, disguise) => {
    for (const word of words.stop) {
      expect([word, judgeConsent(plain, [disguise(word)])]).toMatchObject([
        word,
        { state: 'opted_out', category: 'all' },
      ])
      expect(judgeConsent(alone, [disguise(word)])).toMatchObject({ state: 'opted_out' })
    }
    for (const word of words.stopMarketing) {
      expect([word, judgeConsent(plain, [disguise(word)])]).toMatchObject([
        word,
        { state: 'opted_out', category: 'marketing' },
      ])
    }
    for (const word of words.start) {
      expect([word, stateOf(disguise(word))]).toEqual([word, 'opted_in'])
    }
  })

  test('inside a longer sentence they mean nothing', () => {
    for (const word of [...words.stop, ...words.stopMarketing, ...words.start]) {
      for (const sentence of [`${word} 7 x`, `abc ${word}`, `q1 ${word} w2`]) {
        expect([sentence, stateOf(sentence), stateOf(sentence, fuzzy)]).toEqual([
          sentence,
          undefined,
          undefined,
        ])
      }
    }
  })

  test('phrases that must not opt out do not, found exactly or fuzzily', () => {
    for (const phrase of consentPhrases[language].never) {
      for (const text of [phrase, phrase.toUpperCase(), `${phrase}!`]) {
        expect([text, stateOf(text) === 'opted_out']).toEqual([text, false])
        expect([text, stateOf(text, fuzzy) === 'opted_out']).toEqual([text, false])
      }
    }
  })

  test('with polite words around they count when that is wanted, and only then', () => {
    const [word = ''] = words.stop
    const isAttached = ['zh', 'ja', 'ko', 'th'].includes(language)
    for (const filler of consentPhrases[language].fillers) {
      const text = isAttached ? `${word}${filler}` : `${word} ${filler}`
      expect([text, stateOf(text, fuzzy)]).toEqual([text, 'opted_out'])
    }
    const [first = ''] = consentPhrases[language].fillers
    const text = isAttached ? `${word}${first}` : `${word} ${first}`
    expect([text, stateOf(text)]).toEqual([text, undefined])
  })
})

test('at least twelve languages ship, and none says both with one word', () => {
  expect(consentLanguages.length).toBeGreaterThanOrEqual(12)
  const kinds = (kind: 'stop' | 'stopMarketing' | 'start') =>
    new Set(
      consentLanguages.flatMap((each) => consentWords[each][kind]).map((word) => bareWords(foldWords(word))),
    )
  const stop = new Set([...kinds('stop'), ...kinds('stopMarketing')])
  expect([...kinds('start')].filter((word) => stop.has(word))).toEqual([])
  expect([...kinds('stopMarketing')].filter((word) => kinds('stop').has(word))).toEqual([])
})

test('no word to start is taken for a mistyped word to stop', () => {
  for (const language of consentLanguages) {
    for (const word of consentWords[language].start) {
      expect([word, stateOf(word, fuzzy)]).toEqual([word, 'opted_in'])
      const mistyped = [...word].with(Math.floor(word.length / 2), 'x').join('')
      expect([mistyped, stateOf(mistyped, fuzzy)]).not.toEqual([mistyped, 'opted_out'])
    }
  }
})

/** Ordinary messages of shops, clinics and schools, whatever the language. */
const ordinary =
  `hello|yes|no|ok|thanks|cancel|end|quit|cancel my order|stop by tomorrow?|can you stop by|please don't stop|top|stoo
  |acha|accha|theek hai|dur|para|basta|basta così|alta|sí|não|sim|oui|non|nein|doch|danke|ja|nee|hoi|бред|хватит|да|нет|привет
  |نعم|لا|شكرا|متى|हाँ|नहीं|बंद|अच्छा|ধন্যবাদ|হ্যাঁ|ہاں|نہیں|好|不|不用|谢谢|取消订单|はい|いいえ|ありがとう|キャンセル|네|아니요|감사합니다
  |đúng|đúng rồi|dung|vâng|không|ครับ|ไม่|ขอบคุณ|ยกเลิก|ndiyo|hapana|asante|simama|1|2|10:30|+49 170 1234567|?|...|👍|🛑|
  |I want to unsubscribe my old phone from the warranty plan|what does unsubscribe mean|START-UP loan|bus stop near me`
    .split('|')
    .map((text) => text.trim())

test.each(ordinary)('"%s" is no word about consent, found exactly or fuzzily', (text) => {
  expect(judgeConsent(plain, [text])).toBeUndefined()
  expect(judgeConsent(fuzzy, [text])).toBeUndefined()
})

test.each([
  ['STOP', 'whole message'],
  ['ＳＴＯＰ', 'whole message'],
  ['𝐒𝐓𝐎𝐏', 'whole message'],
  ['S\u00adT\u200dO\ufeffP', 'whole message'],
  ['Opt-Out', 'whole message'],
  ['OPT_OUT', 'whole message'],
  ['DESABONNER', 'without accents'],
  ['stop stop STOP!', 'repeated'],
  ['ABONELİKTEN ÇIK', 'whole message'],
  ['إيقـــاف', 'whole message'],
  ['تَوَقَّفْ', 'whole message'],
  ['ايقاف', 'whole message'],
  ['बंद करें।', 'whole message'],
  ['ｽﾄｯﾌﾟ', 'whole message'],
  ['dung lai', 'without accents'],
])('%s opts out: %s', (text, rule) => {
  expect(judgeConsent(plain, [text])).toMatchObject({ state: 'opted_out', rule })
})

test.each([
  ['please stop', 'polite words'],
  ['Stop now, please!', 'polite words'],
  ['hi, please unsubscribe me now. thanks', 'polite words'],
  ['unsubcribe', 'typing mistake'],
  ['unsubscirbe', 'typing mistake'],
  ['pls unsubscibe', 'typing mistake'],
  ['por favor, darme de baja', 'polite words'],
  ['abmeldne', 'typing mistake'],
  ['отписатся', 'typing mistake'],
  ['请停止', 'polite words'],
  ['配信停止お願いします', 'polite words'],
])('fuzzily, "%s" opts out: %s', (text, rule) => {
  expect(judgeConsent(fuzzy, [text])).toMatchObject({ state: 'opted_out', rule })
  expect(judgeConsent(plain, [text])).toBeUndefined()
})

test('an accent that the word has not makes another word', () => {
  expect(stateOf('đừng')).toBeUndefined()
  expect(stateOf('dừng')).toBe('opted_out')
  expect(stateOf('dung')).toBeUndefined()
  expect(stateOf('stóp')).toBeUndefined()
})

test('a workspace has words of its own, and takes words away', () => {
  const own = rulesOf({
    languages: ['de'],
    words: { de: { stop: ['Schluss'] } },
    extraWords: { stop: ['CANCEL'], start: ['JA BITTE'] },
    never: ['baja'],
    stopScope: 'marketing',
  })
  expect(judgeConsent(own, ['schluss!'])).toMatchObject({ category: 'marketing', language: 'de' })
  expect(judgeConsent(own, ['cancel'])).toMatchObject({ state: 'opted_out', word: 'CANCEL' })
  expect(judgeConsent(own, ['ja bitte'])).toMatchObject({ state: 'opted_in', category: 'marketing' })
  expect(judgeConsent(own, ['abmelden'])).toBeUndefined()
  expect(judgeConsent(own, ['unsubscribe'])).toBeUndefined()
  expect(judgeConsent(own, ['STOP'])).toMatchObject({ state: 'opted_out' })
  expect(judgeConsent(rulesOf({ never: ['Baja'] }), ['BAJA'])).toBeUndefined()
  expect(judgeConsent(rulesOf({ keywords: false }), ['STOP'])).toBeUndefined()
})

test("a button counts by its title or its payload, in WhatsApp's own words too", () => {
  expect(judgeConsent(plain, ['Nicht mehr', 'OPT_OUT'])).toMatchObject({
    state: 'opted_out',
    category: 'all',
  })
  expect(judgeConsent(plain, ['Stop promotions', 'Stop promotions'])).toMatchObject({ category: 'marketing' })
  expect(judgeConsent(plain, ['Yes', 'yes'])).toBeUndefined()
})

test('words that fold to nothing, and lists without end, are refused by name', () => {
  const { error } = consentSettingsSchema.safeParse({ extraWords: { stop: ['!!!'] }, languages: ['xx'] })
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['languages.0', 'extraWords.stop.0'])
})

test('a long message costs nothing and means nothing', () => {
  expect(judgeConsent(fuzzy, ['stop '.repeat(100_000)])).toBeUndefined()
})

/** Random text over the scripts that fold in some way, with marks and invisible characters among them. */
function randomText(random: () => number): string {
  const ranges = [
    [0x20, 0x24f],
    [0x300, 0x36f],
    [0x400, 0x4ff],
    [0x5d0, 0x6ff],
    [0x900, 0xdff],
    [0xe00, 0xe7f],
    [0x1e00, 0x20cf],
    [0x2460, 0x24ff],
    [0x3040, 0x30ff],
    [0xac00, 0xac80],
    [0xfb00, 0xffef],
    [0x1d400, 0x1d7ff],
  ] as const
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
    const [from, to] = ranges[Math.floor(random() * ranges.length)] ?? [0x20, 0x7e]
    return String.fromCodePoint(from + Math.floor(random() * (to - from)))
  }).join('')
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('folding what is folded changes nothing, nor does folding other forms of a text', () => {
  const random = seeded(20_261_121)
  for (let turn = 0; turn < 20_000; turn += 1) {
    const text = randomText(random)
    const folded = foldWords(text)
    const codes = [...text].map((each) => each.codePointAt(0)?.toString(16)).join(' ')
    expect([codes, foldWords(folded)]).toEqual([codes, folded])
    expect([codes, foldWords(text.normalize('NFD'))]).toEqual([codes, folded])
    expect([codes, foldWords(`¡${text} 🙂!`)]).toEqual([codes, folded])
    expect([codes, bareWords(bareWords(folded))]).toEqual([codes, bareWords(folded)])
  }
})
