import type { Demo } from '../seed.ts'

/** What the console shows once everything runs. */
export function describeStart(demo: Demo, dataDir: string, seconds: number): string {
  const rows: [string, string][] = [
    ['Web app', `${demo.baseUrl}/app/`],
    ['First page', demo.baseUrl],
    ['API docs', `${demo.baseUrl}/docs`],
    ['Sandbox phone', demo.sandboxUrl],
    ['Temporal UI', demo.temporalUiUrl || 'set TEMPORAL_UI_URL to link histories'],
    ['Demo login', `${demo.admin.username} / ${demo.admin.password}`],
    ['API key', demo.apiKey],
    ['Files', `${dataDir} (demo.json, logs/, run/)`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  const first = `Dripline is ready after ${seconds.toFixed(1)} s. Ctrl-C stops it.`
  return [
    '',
    first,
    '',
    ...lines,
    '',
    'Say `hello` on the sandbox phone to meet the Welcome journey.',
    '',
  ].join('\n')
}
