import type { TemplateContent } from './template-components.ts'
import { partsOf } from './template-parts.ts'
import type { LintFinding, LintSeverity, LintSurroundings, TemplateRule } from './template-rule.ts'
import { buttonRules } from './template-rules-buttons.ts'
import { categoryRules, policyRules } from './template-rules-category.ts'
import { linkRules } from './template-rules-links.ts'
import { namingRules } from './template-rules-naming.ts'
import { authenticationRules } from './template-rules-authentication.ts'
import { carouselRules } from './template-rules-carousel.ts'
import { offerRules } from './template-rules-offer.ts'
import { textRules } from './template-rules-text.ts'
import { variableRules } from './template-rules-variables.ts'

/** Every guideline, one object each. */
export const templateRules: readonly TemplateRule[] = [
  ...namingRules,
  ...textRules,
  ...variableRules,
  ...buttonRules,
  ...linkRules,
  ...categoryRules,
  ...policyRules,
  ...carouselRules,
  ...offerRules,
  ...authenticationRules,
]

export interface LintProblem extends LintFinding {
  rule: string
  severity: LintSeverity
  /** The rule's reason, for whoever must decide. */
  why: string
}

const order: Record<LintSeverity, number> = { error: 0, warning: 1, hint: 2 }

/** What Meta would find wrong with a template, errors first. Pure. */
export function lintTemplate(
  template: TemplateContent,
  surroundings: LintSurroundings = { bodies: [] },
): LintProblem[] {
  const parts = partsOf(template)
  return templateRules
    .flatMap(({ id, severity, why, check }) =>
      check(parts, surroundings).map((finding) => ({ rule: id, severity, ...finding, why })),
    )
    .toSorted((a, b) => order[a.severity] - order[b.severity])
}
