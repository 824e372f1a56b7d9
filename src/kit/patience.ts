import { AppError } from '../model/errors.ts'

/** The answer of `work`, or `unavailable` when there is none in time. What it does may go on behind. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new AppError('unavailable', `no answer within ${timeoutMs} ms`))
  }, timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Callers within `freshMs` share one answer; a failure is shared only while it is awaited. */
export function shareFor<T>(freshMs: number, ask: () => Promise<T>): () => Promise<T> {
  let shared: { atMs: number; answer: Promise<T> } | undefined
  return () => {
    if (shared && Date.now() - shared.atMs < freshMs) return shared.answer
    const asked = { atMs: Date.now(), answer: ask() }
    shared = asked
    asked.answer.catch(() => {
      if (shared === asked) shared = undefined
    })
    return asked.answer
  }
}
