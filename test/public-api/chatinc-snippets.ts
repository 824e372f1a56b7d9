import { execFile } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the document's own code needs to be code: each a slip of its author's, and nothing else is changed. */
export const repairs: { of: string; from: string; to: string; why: string }[] = [
  {
    of: 'createVariableGroup',
    from: '"last_name"]\nvalues',
    to: '"last_name"],\nvalues',
    why: 'a comma is missing between two properties',
  },
  {
    of: 'curl /create/campaign',
    from: '],\n}',
    to: ']\n}',
    why: 'JSON has no comma after the last member',
  },
]

/** The code blocks of the document, by what they call; of two that call the same the second has a 2. */
export function readSnippets(): Map<string, string> {
  const snippets = new Map<string, string>()
  for (const part of readFileSync(at('../fixtures/chatinc-snippets.txt'), 'utf8').split(/^### /m).slice(1)) {
    const [title = '', ...lines] = part.trimEnd().split('\n')
    const name = snippets.has(title) ? `${title} 2` : title
    const repaired = repairs
      .filter(({ of }) => of === name)
      .reduce((code, { from, to }) => code.replace(from, to), lines.join('\n'))
    snippets.set(name, repaired)
  }
  return snippets
}

/**
 * Runs JavaScript as somebody who has installed the package would, in a process of its own.
 * @returns what it logged, each value as JSON; an error as its message
 */
export async function runSnippet(code: string, url: string): Promise<unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), 'chatinc-'))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(at('../../clients/chatinc'), join(folder, 'node_modules/chatinc'))
    const log = `console.log = (value) => process.stdout.write(JSON.stringify(
      value instanceof Error ? { failed: value.message } : { logged: value }) + '\\n')`
    writeFileSync(join(folder, 'log.mjs'), log)
    writeFileSync(join(folder, 'snippet.mjs'), `import './log.mjs'\n${code}\n`)
    const { stdout } = await run(process.execPath, [join(folder, 'snippet.mjs')], {
      env: { CHATINC_URL: url, PATH: process.env['PATH'] },
    })
    return stdout
      .trim()
      .split('\n')
      .map((each) => {
        const said = JSON.parse(each) as { failed?: string; logged?: unknown }
        if (said.failed !== undefined) throw new Error(said.failed)
        return said.logged
      })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Sends what a line of curl would, to this server. @param files by the end of their path */
export async function runCurl(
  line: string,
  { url, key, files = {} }: { url: string; key: string; files?: Record<string, string> },
): Promise<{ status: number; type: string; text: string }> {
  const words = [...line.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const valuesOf = (option: string) => words.filter((_word, index) => words[index - 1] === option)
  const [asked = ''] = valuesOf('--url')
  const form = valuesOf('--form').map(
    (field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)] as const,
  )
  const headers = valuesOf('--header')
    .map(
      (header) =>
        [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()] as const,
    )
    // Curl puts the boundary of a form in itself.
    .filter(([name, value]) => name !== 'Content-Type' || !value.startsWith('multipart/'))
    .map(([name, value]) => [name, name === 'Authorization' ? key : value] as const)
  const [data] = valuesOf('--data')
  const response = await fetch(url + new URL(asked).pathname, {
    method: valuesOf('--request')[0] ?? 'GET',
    headers: Object.fromEntries(headers),
    ...(data !== undefined && { body: data }),
    ...(form.length > 0 && { body: toForm(form, files) }),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: await response.text(),
  }
}

function toForm(fields: (readonly [string, string])[], files: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of fields) {
    const file = value.startsWith('@') ? Object.keys(files).find((end) => value.endsWith(end)) : undefined
    if (file === undefined) form.set(name, value)
    else form.set(name, new Blob([files[file] ?? ''], { type: 'text/csv' }), file)
  }
  return form
}
