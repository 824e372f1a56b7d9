import type { TemplateParts, TextPart } from './template-parts.ts'

export type LintSeverity = 'error' | 'warning' | 'hint'
export interface LintFinding {
  /** JSON path into the template. */
  field: string
  message: string
}
/** Other templates of the account, for what a template says only beside others. */
export interface LintSurroundings {
  bodies: { name: string; text: string }[]
}
/** One of Meta's guidelines. Errors are what WhatsApp refuses; warnings are likely rejections; hints are advice. */
export interface TemplateRule {
  id: string
  severity: LintSeverity
  title: string
  why: string
  check(parts: TemplateParts, surroundings: LintSurroundings): LintFinding[]
}

/** A rule about each text of some places; `judge` gives what is wrong with one. */
export function textRule(
  rule: Omit<TemplateRule, 'check'>,
  places: TextPart['place'][],
  judge: (part: TextPart, parts: TemplateParts) => string | undefined,
): TemplateRule {
  return {
    ...rule,
    check: (parts) =>
      parts.texts.flatMap((part) => {
        const message = places.includes(part.place) ? judge(part, parts) : undefined
        return message === undefined ? [] : [{ field: part.field, message }]
      }),
  }
}

/** A finding, when the condition holds. */
export function when(isSo: boolean, field: string, message: string): LintFinding[] {
  return isSo ? [{ field, message }] : []
}

/** As WhatsApp counts: an emoji outside the BMP is one. */
export function lengthOf(text: string): number {
  return [...text].length
}
