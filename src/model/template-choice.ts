import { baseLanguage, toTemplateLanguage } from './template-languages.ts'

export interface LanguageWish {
  /** What the sender asked for. */
  language?: string | undefined
  contactLanguage?: string | undefined
  workspaceLanguage: string
}
export type ChoiceReason = 'asked' | 'asked-base' | 'contact' | 'contact-base' | 'workspace' | 'any'
export interface LanguageChoice {
  language: string
  via: ChoiceReason
  why: string
}

/**
 * Which of a template's languages a contact gets: what was asked for, what the contact speaks, each exactly and then by the
 * same base language (es for es_MX), the workspace's own, at last any. Undefined when there is none at all.
 */
export function chooseLanguage(available: string[], wish: LanguageWish): LanguageChoice | undefined {
  const sorted = available.toSorted((a, b) => (a < b ? -1 : 1))
  const steps: [string | undefined, ChoiceReason, ChoiceReason, string][] = [
    [wish.language, 'asked', 'asked-base', 'was asked for'],
    [wish.contactLanguage, 'contact', 'contact-base', "is the contact's language"],
    [wish.workspaceLanguage, 'workspace', 'workspace', "is the workspace's language"],
  ]
  for (const [wanted, exactly, nearly, words] of steps) {
    if (!wanted) continue
    const code = toTemplateLanguage(wanted)
    if (sorted.includes(code)) return { language: code, via: exactly, why: `${code} ${words}` }
    const near = nearest(sorted, baseLanguage(code))
    if (near) return { language: near, via: nearly, why: `${near}: there is no ${code}, which ${words}` }
  }
  const [first] = sorted
  return first === undefined
    ? undefined
    : { language: first, via: 'any', why: `${first}: none of the wanted languages is approved` }
}

/** The language without a region before one with another region. */
function nearest(sorted: string[], base: string): string | undefined {
  return sorted.find((code) => code === base) ?? sorted.find((code) => baseLanguage(code) === base)
}
