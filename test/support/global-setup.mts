import { openServerDesk } from './server-desk.ts'

/** Jest demands a default export. The desk starts a server when the first test file asks for it. */
export default async function globalSetup(): Promise<void> {
  await openServerDesk()
}
