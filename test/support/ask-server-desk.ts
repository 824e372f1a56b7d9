/** What a test file can ask the run for, and what it is told. */
export interface SharedThings {
  /** A server to make databases on, and the migrated database to clone. */
  postgres: { adminUrl: string; template: string }
  temporal: { address: string }
  /** The workflow bundle, built once a run. */
  bundle: { codePath: string }
}

/** How Jest's workers find the desk of their parent. */
export const deskVariable = 'DRIPLINE_TEST_DESK'

/** Asks the desk (server-desk.ts) for a shared thing; the first to ask waits for its start. */
export async function askServerDesk<Name extends keyof SharedThings>(
  name: Name,
): Promise<SharedThings[Name]> {
  const desk = process.env[deskVariable]
  if (!desk) throw new Error('There is no server desk: run the tests with `npm test -- <path>`.')
  const answer = await fetch(`${desk}/${name}`, { headers: { connection: 'close' } })
  if (!answer.ok) throw new Error(`The tests' ${name} is not there: ${await answer.text()}`)
  return (await answer.json()) as SharedThings[Name]
}
