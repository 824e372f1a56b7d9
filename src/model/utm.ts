const names = ['source', 'medium', 'campaign', 'term', 'content'] as const

/** Where a visit comes from, in the words of web analytics. */
export type Utm = { [name in (typeof names)[number]]?: string | undefined }

/**
 * An address with UTM parameters; those that it has already stay. The address may hold placeholders, so it is taken as a text:
 * parameters stand before the `#`.
 */
export function withUtm(url: string, utm: Utm): string {
  const hash = url.indexOf('#')
  const [page, rest] = hash < 0 ? [url, ''] : [url.slice(0, hash), url.slice(hash)]
  const query = page.slice(page.indexOf('?') + 1)
  const own = new Set(page.includes('?') ? query.split('&').map((pair) => pair.split('=')[0]) : [])
  const added = names.flatMap((name) => {
    const value = utm[name]
    return value === undefined || own.has(`utm_${name}`) ? [] : [`utm_${name}=${encodeURIComponent(value)}`]
  })
  if (added.length === 0) return url
  const separator = !page.includes('?') ? '?' : /[?&]$/.test(page) ? '' : '&'
  return `${page}${separator}${added.join('&')}${rest}`
}
