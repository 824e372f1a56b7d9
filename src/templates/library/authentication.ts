import type { TemplateButton, TemplateComponent } from '../../model/template-components.ts'
import type { Starter } from './starter.ts'

/** WhatsApp writes the words of these in every language. */
const everywhere = Object.fromEntries(
  ['en', 'es', 'pt_BR', 'hi', 'id', 'ar', 'fr', 'de'].map((code) => [code, '']),
)

/** Of your own Android app; the starters hold examples. */
const app = { package_name: 'com.example.app', signature_hash: 'K8a/AINcGX7' }

/** One-time passwords. */
export const authenticationStarters: Starter[] = [
  {
    id: 'login_code',
    category: 'AUTHENTICATION',
    title: 'Code to copy',
    useCase: 'otp login verification two-factor',
    shape: { components: codeMessage({ type: 'OTP', otp_type: 'COPY_CODE' }, 10) },
    texts: everywhere,
  },
  {
    id: 'signup_code',
    category: 'AUTHENTICATION',
    title: 'Code to copy at sign-up',
    useCase: 'otp registration verify phone number',
    shape: { components: codeMessage({ type: 'OTP', otp_type: 'COPY_CODE' }) },
    texts: everywhere,
  },
  {
    id: 'payment_confirmation_code',
    category: 'AUTHENTICATION',
    title: 'Code that confirms a payment',
    useCase: 'otp bank transfer transaction',
    shape: { components: codeMessage({ type: 'OTP', otp_type: 'COPY_CODE' }, 5) },
    texts: everywhere,
  },
  {
    id: 'login_code_autofill',
    category: 'AUTHENTICATION',
    title: 'Code that fills itself in',
    useCase: 'otp android app one-tap autofill',
    shape: { components: codeMessage({ type: 'OTP', otp_type: 'ONE_TAP', supported_apps: [app] }, 10) },
    texts: everywhere,
  },
  {
    id: 'login_code_silent',
    category: 'AUTHENTICATION',
    title: 'Code without a tap',
    useCase: 'otp android app zero-tap broadcast',
    shape: {
      components: codeMessage(
        { type: 'OTP', otp_type: 'ZERO_TAP', supported_apps: [app], zero_tap_terms_accepted: true },
        10,
      ),
    },
    texts: everywhere,
  },
]

function codeMessage(button: TemplateButton, minutes?: number): TemplateComponent[] {
  return [
    { type: 'BODY', add_security_recommendation: true },
    ...(minutes === undefined ? [] : [{ type: 'FOOTER' as const, code_expiration_minutes: minutes }]),
    { type: 'BUTTONS', buttons: [button] },
  ]
}
