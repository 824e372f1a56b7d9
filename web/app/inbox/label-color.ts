const colors = ['teal', 'blue', 'grape', 'orange', 'pink', 'cyan', 'lime', 'indigo', 'red', 'violet']

/** The label's own, or always the same one for its name. */
export function labelColor(name: string, color: string | null): string {
  if (color) return color
  let sum = 0
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9_973
  return colors[sum % colors.length] ?? 'gray'
}
