import { type TemplateRule, when } from './template-rule.ts'

/** One-time passwords: WhatsApp writes the words, the business chooses the button. */
export const authenticationRules: TemplateRule[] = [
  {
    id: 'auth-body',
    severity: 'error',
    title: 'No text of your own in AUTHENTICATION',
    why: 'WhatsApp writes the body itself, in each language.',
    check: ({ body, footer, template }) => {
      const isAuth = template.category === 'AUTHENTICATION'
      return [
        ...when(
          isAuth && Boolean(body?.value.text),
          `${body?.field}.text`,
          'is written by WhatsApp; leave it out',
        ),
        ...when(
          isAuth && Boolean(footer?.value.text),
          `${footer?.field}.text`,
          'is written by WhatsApp; leave it out',
        ),
      ]
    },
  },
  {
    id: 'auth-button',
    severity: 'error',
    title: 'One one-time-password button',
    why: 'WhatsApp requires it in AUTHENTICATION.',
    check: ({ buttons, template }) => {
      const codes = buttons.filter(({ value }) => value.type === 'OTP').length
      return when(
        template.category === 'AUTHENTICATION' && (codes !== 1 || buttons.length !== 1),
        buttons[0]?.field ?? 'components',
        'must be the one OTP button',
      )
    },
  },
  {
    id: 'auth-button-elsewhere',
    severity: 'error',
    title: 'One-time-password buttons in AUTHENTICATION only',
    why: 'WhatsApp refuses them in other categories.',
    check: ({ buttons, template }) => {
      const code = buttons.find(({ value }) => value.type === 'OTP')
      return when(
        template.category !== 'AUTHENTICATION' && code !== undefined,
        code?.field ?? '',
        `is not allowed in ${template.category}`,
      )
    },
  },
  {
    id: 'auth-parts',
    severity: 'error',
    title: 'Body, footer and button only in AUTHENTICATION',
    why: 'Headers, media, offers and cards are refused there.',
    check: ({ template }) =>
      template.components.flatMap(({ type }, at) =>
        when(
          template.category === 'AUTHENTICATION' && !['BODY', 'FOOTER', 'BUTTONS'].includes(type),
          `components.${at}`,
          `a ${type} is not allowed in AUTHENTICATION`,
        ),
      ),
  },
  {
    id: 'auth-expiration',
    severity: 'error',
    title: 'Expiry of 1 to 90 minutes',
    why: "It is WhatsApp's limit.",
    check: ({ footer, template }) => {
      const minutes = footer?.value.code_expiration_minutes
      const isOut = minutes !== undefined && (minutes < 1 || minutes > 90)
      const isBare = template.category === 'AUTHENTICATION' && footer !== undefined && minutes === undefined
      return when(
        isOut || isBare,
        `${footer?.field}.code_expiration_minutes`,
        isOut ? `is ${minutes}; 1 to 90 are allowed` : 'is missing',
      )
    },
  },
  {
    id: 'auth-app',
    severity: 'error',
    title: 'Autofill names the app',
    why: 'One-tap and zero-tap need the package and the signature hash of your Android app.',
    check: ({ buttons }) =>
      buttons.flatMap(({ field, value }) =>
        when(
          value.type === 'OTP' && value.otp_type !== 'COPY_CODE' && !value.supported_apps?.length,
          `${field}.supported_apps`,
          'is missing',
        ),
      ),
  },
  {
    id: 'auth-signature',
    severity: 'error',
    title: "The app's signature hash has 11 characters",
    why: "It is how Android's SMS retriever writes it, and WhatsApp checks it.",
    check: ({ buttons }) =>
      buttons.flatMap(({ field, value }) =>
        (value.type === 'OTP' ? (value.supported_apps ?? []) : []).flatMap(
          ({ signature_hash, package_name }, at) =>
            when(
              !/^[A-Za-z0-9+/=]{11}$/.test(signature_hash) ||
                !/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/.test(package_name),
              `${field}.supported_apps.${at}`,
              'needs a package like com.example.app and a hash of 11 characters',
            ),
        ),
      ),
  },
  {
    id: 'auth-zero-tap',
    severity: 'error',
    title: 'Zero-tap needs its terms accepted',
    why: 'WhatsApp wants zero_tap_terms_accepted: you answer for codes that arrive without a tap.',
    check: ({ buttons }) =>
      buttons.flatMap(({ field, value }) =>
        when(
          value.type === 'OTP' && value.otp_type === 'ZERO_TAP' && value.zero_tap_terms_accepted !== true,
          `${field}.zero_tap_terms_accepted`,
          'must be true',
        ),
      ),
  },
]
