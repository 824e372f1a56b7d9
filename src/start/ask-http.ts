import { get } from 'node:http'

/** Resolves when a GET of this URL on the loopback answers 200; the error holds what it answered instead. */
export function askHttp(url: string, timeoutMs = 5_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body = (body + chunk).slice(0, 1_000)
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url} answers ${response.statusCode} ${body}`))
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)))
    request.on('error', reject)
  })
}
