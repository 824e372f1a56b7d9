import { closeServerDesk } from './server-desk.ts'

/** Jest demands a default export. */
export default async function globalTeardown(): Promise<void> {
  await closeServerDesk()
}
