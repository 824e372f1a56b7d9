import type { Sentence } from './why-words.ts'

interface EntryWords {
  entry: string
  done: boolean
  words: string
}
interface RuleWords {
  name: string
  matched: boolean
  reason: string
}

const abouts: Record<string, string> = {
  received: 'the message',
  written: 'what a user wrote',
  tagged: 'the tagging',
}

/** Of who was given chats, and why. */
export const ruleSentences: Record<string, Sentence> = {
  'engine.answered': ({ about = '' }, { data }) => {
    const entries = (data['entries'] ?? []) as unknown as EntryWords[]
    const said = entries.map(({ words, done }) => (done ? words : `passed over: ${words}`))
    return `the rule engine was asked about ${abouts[about] ?? about}: ${said.join('; ') || 'it wanted nothing'}`
  },
  'engine.failed': ({ about = '', reason }) =>
    `the rule engine did not answer about ${abouts[about] ?? about}: ${reason}`,
  'engine.saved': ({ by, url, enabled }) =>
    `${by} ${enabled === 'true' ? 'set' : 'switched off'} the rule engine at ${url}`,
  'engine.dropped': ({ by }) => `${by} went back to the default rules`,
  'tag-rule.changed': ({ by, what }) => `${by} ${what} a default rule of assignment`,
  'assignment-rule.changed': ({ by, what, name }) => `${by} ${what} the assignment rule "${name}"`,
  'assignment-rules.ordered': ({ by }) => `${by} put the assignment rules into another order`,
  'assignment.judged': ({ decision }, { data }) => {
    const rules = (data['rules'] ?? []) as unknown as RuleWords[]
    const said = rules.map(
      ({ name, matched, reason }) => `"${name}" ${matched ? 'fits' : 'does not fit'}: ${reason}`,
    )
    return `assignment rules were looked at (${said.join('; ')}): ${decision}`
  },
  'chat.queued': ({ why }) => `the chat waits in the queue: ${why}`,
  'presence.set': ({ by, presence }) => `${by} is ${presence}`,
}
