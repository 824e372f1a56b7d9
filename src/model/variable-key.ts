/** What a variable group or one of its columns is called within `{{groups.<group>.<column>}}`: paths hold no spaces and signs. */
export function variableKey(name: string): string {
  return [...name.trim()].map((sign) => (/[A-Za-z0-9_-]/.test(sign) ? sign : codeOf(sign))).join('')
}

function codeOf(sign: string): string {
  return /\s/.test(sign) ? '_' : `x${sign.codePointAt(0)?.toString(16) ?? ''}`
}

/** The groups that texts anywhere in a definition name, by their keys. */
export function groupsNamedIn(definition: unknown): string[] {
  const found = JSON.stringify(definition).matchAll(/\bgroups\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]/g)
  return [...new Set([...found].map(([, key = '']) => key))]
}
