import { z } from 'zod'

export const entryPointKinds = ['qr', 'link', 'widget'] as const

/** Letters that nobody takes for another, or for a digit. */
export const codeAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** What stands in the text that a customer sends; long enough that nobody writes it by chance. */
export const codeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^(?=.*\d)[A-Z0-9-]{5,30}$/, 'must be 5 to 30 letters, digits and -, with a digit among them')

/** A text is looked through this far, and for so many codes. */
const maximumText = 1_000
const maximumCodes = 50

/** What may be the code of an entry point in what somebody wrote: people change the text around it. */
export function codesIn(text: string): string[] {
  const words =
    text
      .slice(0, maximumText)
      .toUpperCase()
      .match(/[A-Z0-9-]+/g) ?? []
  const codes = words.filter((word) => codeSchema.safeParse(word).success)
  return [...new Set(codes)].slice(0, maximumCodes)
}

/** The text that the customer's WhatsApp opens with. */
export function withCode(text: string, code: string): string {
  return codesIn(text).includes(code) ? text : `${text.trim()} (${code})`
}

export function chatLink(displayNumber: string, text: string): string {
  return `https://wa.me/${displayNumber.replace(/\D/g, '')}?text=${encodeURIComponent(text.toWellFormed())}`
}
