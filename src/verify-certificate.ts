import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { verifyCertificate } from './campaign-reports/verify-certificate.ts'

/** Checks the file of a campaign's certificate, offline, with nothing but the file. Returns the exit code. */
export async function main(
  [path]: string[],
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  if (path === undefined) {
    process.stderr.write('Name the file: npm run verify-certificate -- certificate.csv\n')
    return 2
  }
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  const verdict = await verifyCertificate(lines)
  write(`${JSON.stringify(verdict, undefined, 2)}\n`)
  return verdict.isWhole ? 0 : 1
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
