/** `1,234,567` and `1.234.567,5`: in groups of three, the fraction after another sign. */
const grouped = /^[+-]?\d{1,3}(?:(,)\d{3}(?:,\d{3})*(\.\d+)?|(\.)\d{3}(?:\.\d{3})*(,\d+)?)$/

/**
 * A number as people write it. Undefined when it is none, and of `1,500`: to some it is one and a half, to others fifteen
 * hundred, and a wrong guess is a thousandfold.
 */
export function readNumber(written: string): number | undefined {
  const text = written.trim()
  const isAmbiguous = /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)
  if (isAmbiguous) return undefined
  if (/^[+-]?\d+([.,]\d+)?$/.test(text)) return Number(text.replace(',', '.'))
  const found = grouped.exec(text)
  if (!found) return undefined
  const sign = found[1] ?? found[3] ?? ''
  return Number(text.replaceAll(sign, '').replace(',', '.'))
}
