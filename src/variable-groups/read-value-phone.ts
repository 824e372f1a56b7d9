/**
 * The digits of a number with its country code. Whether such a number can exist is not asked: its values are for whoever has
 * it, and they are looked up by the same digits.
 */
export function readValuePhone(text: string): { phone: string } | { problem: string } {
  const written = text.normalize('NFKC').trim()
  if (/^\d(?:[.,]\d+)?E\+?\d+$/i.test(written))
    return { problem: 'a spreadsheet has rounded it: format the column as text and save it again' }
  if (/\p{L}/u.test(written)) return { problem: 'holds letters' }
  const phone = written.replace(/\D/g, '').replace(/^00/, '')
  if (phone === '') return { problem: 'holds no digits' }
  if (phone.startsWith('0')) return { problem: 'has no country code' }
  if (phone.length < 6 || phone.length > 15) return { problem: 'has to have 6 to 15 digits' }
  return { phone }
}
