import { templateLanguages, baseLanguage } from './template-languages.ts'
import { type TemplateRule, when } from './template-rule.ts'

/** Scripts that a text of these languages is mostly written in; the others use Latin letters. */
const scripts: Readonly<Record<string, RegExp>> = {
  ar: /\p{Script=Arabic}/u,
  fa: /\p{Script=Arabic}/u,
  ur: /\p{Script=Arabic}/u,
  ps: /\p{Script=Arabic}/u,
  prs: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  hi: /\p{Script=Devanagari}/u,
  mr: /\p{Script=Devanagari}/u,
  bn: /\p{Script=Bengali}/u,
  gu: /\p{Script=Gujarati}/u,
  pa: /\p{Script=Gurmukhi}/u,
  ta: /\p{Script=Tamil}/u,
  te: /\p{Script=Telugu}/u,
  kn: /\p{Script=Kannada}/u,
  ml: /\p{Script=Malayalam}/u,
  si: /\p{Script=Sinhala}/u,
  th: /\p{Script=Thai}/u,
  lo: /\p{Script=Lao}/u,
  ka: /\p{Script=Georgian}/u,
  el: /\p{Script=Greek}/u,
  ko: /\p{Script=Hangul}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
  ru: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  bg: /\p{Script=Cyrillic}/u,
  be: /\p{Script=Cyrillic}/u,
  mk: /\p{Script=Cyrillic}/u,
  kk: /\p{Script=Cyrillic}/u,
  ky: /\p{Script=Cyrillic}/u,
}
/** Written in two scripts. */
const twoScripts = new Set(['sr', 'az', 'uz'])

export const namingRules: TemplateRule[] = [
  {
    id: 'name-pattern',
    severity: 'error',
    title: 'Name of lower-case letters, digits and underscores',
    why: 'WhatsApp takes no other characters in a name.',
    check: ({ template: { name } }) =>
      when(!/^[a-z0-9_]+$/.test(name), 'name', 'may hold lower-case letters, digits and underscores only'),
  },
  {
    id: 'name-length',
    severity: 'error',
    title: 'Name of at most 512 characters',
    why: "It is WhatsApp's limit.",
    check: ({ template: { name } }) =>
      when(name.length > 512, 'name', `is ${name.length} characters long; 512 are allowed`),
  },
  {
    id: 'name-vague',
    severity: 'warning',
    title: 'Name that says what the template is for',
    why: 'Reviewers read the name; names like template_014 or test are a known cause of rejections.',
    check: ({ template: { name } }) =>
      when(
        /^(?:(?:template|test|temp|tmp|sample|new|msg|message|untitled|draft|abc|asdf)_?)+\d*$|^\d+$|^.{1,2}$/.test(
          name,
        ),
        'name',
        'says nothing of what the template is for, like order_shipped or visit_reminder would',
      ),
  },
  {
    id: 'language-known',
    severity: 'error',
    title: "One of WhatsApp's languages",
    why: 'A template exists in a language code of theirs, such as en, en_US or pt_BR.',
    check: ({ template: { language } }) =>
      when(
        !Object.hasOwn(templateLanguages, language),
        'language',
        `${language || 'an empty code'} is not one of WhatsApp's language codes, such as en, en_US or pt_BR`,
      ),
  },
  {
    id: 'language-matches-text',
    severity: 'warning',
    title: 'Text written in the chosen language',
    why: 'Templates whose text is in another language than the chosen one are rejected.',
    check: ({ template: { language }, body }) => {
      const letters = [...(body?.value.text ?? '').replace(/\{\{[^{}]*\}\}|https?:\S+/g, '')].filter((sign) =>
        /\p{L}/u.test(sign),
      )
      const base = baseLanguage(language)
      if (letters.length < 10 || twoScripts.has(base)) return []
      const script = (Object.hasOwn(scripts, base) ? scripts[base] : undefined) ?? /\p{Script=Latin}/u
      const share = letters.filter((letter) => script.test(letter)).length / letters.length
      const name = Object.hasOwn(templateLanguages, language) ? templateLanguages[language] : language
      return when(share < 0.4, 'language', `says ${name}, but most of the body is written in another script`)
    },
  },
]
