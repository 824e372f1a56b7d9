import { toText, type JsonObject } from '../model/json.ts'
import type { StoredFact } from './why-chain.ts'
import { ruleSentences } from './why-rules.ts'

/** Says a fact in a sentence. @param textOf what a message said, by its id. */
export function sayFact(
  fact: Pick<StoredFact, 'kind' | 'data'>,
  textOf: (messageId: string) => string | undefined,
): string {
  const { data } = fact
  const words = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toText(value)]))
  const say = sentences[fact.kind]
  return say ? say(words, { data, text: textOf(words['message'] ?? '') }) : fact.kind
}

/** A fact's data as words; beside them the data itself, and what the message said that the fact names. */
export type Sentence = (
  words: Record<string, string>,
  more: { data: JsonObject; text: string | undefined },
) => string

interface Candidate {
  name: string
  started: boolean
  reason: string
}

const sentences: Record<string, Sentence> = {
  ...ruleSentences,
  'message.received': ({ type, floor }, { text }) => {
    const said = text ? `the customer wrote "${shorten(text)}"` : `the customer sent a message (${type})`
    return floor ? `${said}, and a journey awaited it` : said
  },
  'event.received': ({ type }) => `the event "${type}" came`,
  'start.requested': ({ name, trigger, by, card }) =>
    trigger === 'restart'
      ? `${by} restarted "${name}" from card "${card}"`
      : `${by} asked to start "${name}" (${trigger})`,
  'trigger.evaluated': (_words, { data }) => sayCandidates(data['candidates'] as unknown as Candidate[]),
  'run.started': ({ name }) => `a run of "${name}" started`,
  'card.entered': ({ card, type, title }) => `the run came to card ${nameCard(title || card)} (${type})`,
  'card.left': ({ card, outlet }) => `it left card ${nameCard(card)} by "${outlet}"`,
  'card.failed': ({ card, code, reason }) => `card ${nameCard(card)} failed: ${code}: ${reason}`,
  'run.stuck': ({ card, code, reason }) => `the run got stuck at card ${nameCard(card)}: ${code}: ${reason}`,
  'run.resolved': ({ action, card, outlet, by }) =>
    `it was resolved by ${by || 'hand'}: ${[action, card || outlet].filter(Boolean).join(' ')}`,
  'run.paused': ({ by }) => `${by} paused the run`,
  'run.resumed': ({ by }) => `${by} let the run go on`,
  'run.ordered': ({ action, card, version, by }) => {
    if (action === 'exit') return `${by} ended the run at card ${nameCard(card)} by a migration`
    return action === 'migrate'
      ? `${by ? `${by} moved the run` : 'the run moved'} to version ${version}, ${card ? `card ${nameCard(card)}` : 'which ends it'}`
      : `it was told to go to card ${nameCard(card)} (${action})`
  },
  'migration.started': ({ by }) => `${by} began to move people inside to another version of their journey`,
  'migration.rolled_back': ({ by }) => `${by} began to move people back to the versions that they came from`,
  'effect.performed': ({ card, effect }) => `card ${nameCard(card)} performed ${effect}`,
  'hold.placed': ({ by, scope, reason }) => `${by} held the ${scope}: ${reason}`,
  'hold.lifted': ({ by, scope }) => `${by} let the ${scope} go on`,
  'run.cancelled': ({ by }) => `${by} cancelled the run`,
  'run.ended': ({ state, reason }) => `the run ended (${state}): ${reason}`,
  'journey.installed': ({ name, template, by }) =>
    `${by} installed "${name}" from the template "${template}"`,
  'journey.edited': ({ name, by }, { data }) => `${by} changed ${list(data['changed'])} of "${name}"`,
  'goal.reached': ({ name, event }) => `the goal of "${name}" was reached: the event "${event}"`,
  'event.taken': ({ event }) => `the run, which waited for it, took the event "${event}"`,
  'message.requested': ({ by }, { text }) => `${by} sent "${shorten(text ?? '')}"`,
  'message.retried': ({ by, was }) => `${by} had it sent again, which was ${was}`,
  'message.planned': ({ attempt, granted }, { text }) =>
    `a message was sent off: "${shorten(text ?? '')}"${Number(attempt) > 1 ? ` (attempt ${attempt})` : ''}${granted ? `; the arbiter agreed: ${granted}` : ''}`,
  'message.skipped': ({ code, reason }) => `the message was not sent: ${code}: ${reason}`,
  'send.deferred': ({ category, reason, until }) =>
    `a ${category} message had to wait until ${until}: ${reason}`,
  'send.denied': ({ category, reason }) => `the arbiter did not let a ${category} message go out: ${reason}`,
  'arbiter.settings.saved': ({ by }) => `${by} changed how often and when contacts are written to`,
  'floor.lost': ({ leaves }) =>
    `another journey asked the contact something: this one's question ${leaves === 'true' ? 'is given up' : 'waits'}`,
  'inbox.settings.saved': ({ by }, { data }) => `${by} changed how the inbox runs: ${list(data['changed'])}`,
  'scheduled.held': () => 'the customer wrote first: what was scheduled is held until somebody looks at it',
  'scheduled.made': ({ by, until }) => `${by} scheduled a message for ${until}`,
  'scheduled.changed': ({ by, until }) => `${by} changed a scheduled message, which is due at ${until}`,
  'scheduled.released': ({ by }) => `${by} released what was held`,
  'scheduled.sent': ({ by }) => `what ${by} had scheduled went out`,
  'scheduled.failed': ({ by, reason }) => `what ${by} had scheduled could not go out: ${reason}`,
  'chat.unsaid': ({ what, code, reason }) => `the chat did not say its ${what} message: ${code}: ${reason}`,
  'deadline.missed': ({ deadline, due }) =>
    deadline === 'resolution'
      ? `the chat should have been closed by ${due}`
      : `the customer should have been answered by ${due}`,
  'satisfaction.scored': ({ score }) => `the customer gave the chat ${score} of 5`,
  'satisfaction.commented': (_words, { text }) => `the customer said of the chat: "${shorten(text ?? '')}"`,
  'scheduled.cancelled': ({ by }) => `${by} cancelled what was scheduled`,
  'chat.taken': ({ by, how, until }) =>
    `${by} took over the chat (${how})${until ? ` until ${until}` : ''}: journeys stand still`,
  'chat.handed-off': ({ by }) => `${by} handed the chat off to a person: journeys stand still`,
  'message.echoed': (_words, { text }) => `somebody wrote on the phone: "${shorten(text ?? '')}"`,
  'chat.handed-back': ({ by, outcome, action }) =>
    outcome === 'timeout'
      ? 'nobody took the chat in time'
      : `${by} handed the chat back${action ? ` (${action})` : ''}`,
  'takeover.settings.saved': ({ by }) => `${by} changed how agents take over chats`,
  'attributes.set': (_words, { data }) => `attributes of the contact were set: ${list(data['names'])}`,
  'tags.changed': (_words, { data }) =>
    `tags of the contact changed: added ${list(data['added'])}, removed ${list(data['removed'])}`,
  'labels.changed': ({ by }, { data }) =>
    `${by} changed labels of the chat: added ${list(data['added'])}, removed ${list(data['removed'])}`,
  'order.placed': ({ items, by }) => `${by === 'customer' ? 'the customer' : by} ordered ${items} pieces`,
  'order.unreadable': ({ reason }) => `the order in the message could not be read: ${reason}`,
  'order.changed': ({ from, to, by }) => `${by} moved the order from ${from} to ${to}`,
  'contact.created': ({ by }) => `${by} created the contact`,
  'contact.erased': ({ by }) => `${by} erased the contact`,
  'contact.marked': ({ by }) => `${by} marked the contact as spam`,
  'contact.merged': ({ by }) => `${by} merged another contact into this one`,
  'contact.noted': ({ by }) => `${by} wrote a note`,
  'contact.unmarked': ({ by }) => `${by} took the spam mark away`,
  'contact.unmerged': ({ by }) => `${by} took a merge of the contact back`,
  'identity.added': ({ kind, by }) => `${by} added an identity (${kind})`,
  'identity.ended': ({ kind, by }) => `${by} ended an identity (${kind})`,
  'identity.changed': ({ result }) => `the customer moved to another phone number: ${result}`,
  'identity.distrusted': () => 'WhatsApp told that another person or phone may be behind the address',
  'identity.acknowledged': ({ by }) => `${by} acknowledged the WhatsApp identity`,
  'consent.changed': ({ state, category, source, by }) => {
    const what = `${state === 'opted_out' ? 'refused' : 'agreed to'} ${category} messages`
    return by === 'contact'
      ? `the customer ${what} (${source})`
      : `the customer ${what}, recorded by ${by} (${source})`
  },
  'connection.created': ({ name, by }) => `${by} made the connection "${name}"`,
  'connection.changed': ({ name, credentials, by }) =>
    `${by} changed ${credentials === 'true' ? 'the credentials of ' : ''}the connection "${name}"`,
  'connection.deleted': ({ name, by }) => `${by} deleted the connection "${name}"`,
  'consent.settings.saved': ({ by }) => `${by} changed how STOP and START are heard`,
  'consent.settings.dropped': ({ by }) => `${by} reset how STOP and START are heard`,
  'campaign.stopped': ({ stopper, reason }) => `the campaign run was stopped by its ${stopper}: ${reason}`,
  'campaign.resumed': ({ by }) => `${by} let the campaign run go on`,
  'campaign.completed': () => 'the campaign run is through: nothing of it is on its way any more',
  'campaign.converted': ({ name, event }) => `the event "${event}" is what the campaign "${name}" was for`,
  'campaign.held-out-converted': ({ name, event }) =>
    `the event "${event}" is what the campaign "${name}" is for, which this contact was held out of`,
  'campaign.canary': ({ sent, failed, left }) =>
    `the campaign's first ${sent} recipients were judged: ${failed} failures, ${left} who want no more`,
  'number.stopped': ({ scope, template, reason, by }) =>
    `${by} ${scope === 'pace' ? "slowed the number's campaigns down" : scope === 'template' ? `stopped the template "${template}"` : "stopped the number's campaigns"}: ${reason}`,
  'number.released': ({ scope, by }) =>
    `${by} lifted what ${scope === 'pace' ? "slowed the number's campaigns down" : scope === 'template' ? 'stopped a template' : "stopped the number's campaigns"}`,
  'number.changed': (_words, { data }) => `WhatsApp told of the number: ${sayValues(data)}`,
  'autopilot.changed': ({ by, own }) =>
    `${by} ${own === 'true' ? 'changed' : 'reset'} what the autopilot of a number does by itself`,
  'identity.unreachable': ({ code }) => `WhatsApp does not reach the address (${code})`,
  'campaign.created': ({ name, by }) => `${by} started the campaign "${name}"`,
  'campaign.changed': ({ name, by }) => `${by} changed the campaign "${name}"`,
  'campaign.deleted': ({ name, by }) => `${by} deleted the campaign "${name}"`,
  'campaign.archived': ({ name, by }) => `${by} archived the campaign "${name}"`,
  'campaign.unarchived': ({ name, by }) => `${by} brought the campaign "${name}" back from the archive`,
  'campaign.activated': ({ name, by }) => `${by} set the campaign "${name}" going`,
  'campaign.launched': ({ name, number, by }) => `${by} launched run ${number} of the campaign "${name}"`,
  'campaign.paused': ({ name, by }) => `${by} paused the campaign "${name}"`,
  'campaign.cancelled': ({ name, number, by }) => `${by} cancelled run ${number} of the campaign "${name}"`,
  'campaign.ended': ({ name, by }) => `${by} ended the campaign "${name}"`,
  'campaign.speed-set': ({ number, by, messagesPerSecond }) =>
    `${by} set the speed of run ${number}: ${messagesPerSecond || 'as fast as its numbers may'}`,
  'campaign.winner-chosen': ({ winner, by }) =>
    `"${winner}" was chosen as the campaign's better message, by how many it was ${by}`,
  'campaign.followed-up': ({ name, on, action, outcome, reason }) =>
    `the campaign "${name}" was ${on}: its follow-up (${action}) was ${outcome}${reason ? `: ${reason}` : ''}`,
  'campaign.planned': ({ audience, intended, skipped }) =>
    `the campaign run was planned: ${audience} people, ${intended} of them to get the message, ${skipped} left out`,
  'bulk.started': ({ kind, by }) => `${by} ordered for many runs at once: ${kind}`,
  'bulk.paused': ({ kind, by }) => `${by} held the bulk operation (${kind})`,
  'bulk.resumed': ({ kind, by }) => `${by} let the bulk operation go on (${kind})`,
  'bulk.cancelled': ({ kind, by }) =>
    `${by} cancelled the bulk operation (${kind}): what was not done stays undone`,
  'bulk.ended': ({ kind, state, done, total, reason }) =>
    `the bulk operation (${kind}) ended: ${state}, ${done} of ${total} done${reason ? `: ${reason}` : ''}`,
  'entrant.queued': ({ name, scope }) => `"${name}" was not entered yet: the ${scope} is paused`,
  'entrant.dropped': ({ name, reason }) => `"${name}" was not entered: ${reason}`,
  'chat.closed': ({ outcome, by }) => `the chat was closed${by ? ` by ${by}` : ''}: ${outcome}`,
  'chat.assigned': ({ to, by }) =>
    to ? `${by} gave the chat to ${to}` : `${by} took the chat from who had it`,
  'chat.status': ({ from, to, until, by }) =>
    `${by} set the chat from ${from} to ${to}${until ? ` until ${until}` : ''}`,
  'tag.created': ({ name, by }) => `${by} made the tag "${name}"`,
  'tag.changed': ({ name, before, by }) =>
    name === before ? `${by} coloured the tag "${name}"` : `${by} called the tag "${before}" "${name}"`,
  'tag.deleted': ({ name, by }) => `${by} deleted the tag "${name}"`,
  'message.tagged': ({ tag, action, by }) =>
    action === 'added' ? `${by} tagged a message "${tag}"` : `${by} took the tag "${tag}" from a message`,
  'note.written': ({ by }) => `${by} wrote a note into the chat`,
  'note.edited': ({ by }) => `${by} changed a note in the chat`,
  'note.deleted': ({ by }) => `${by} deleted a note in the chat`,
  'inbox-view.created': ({ name, by }) => `${by} saved the inbox view "${name}"`,
  'inbox-view.changed': ({ name, by }) => `${by} changed the inbox view "${name}"`,
  'inbox-view.deleted': ({ name, by }) => `${by} deleted the inbox view "${name}"`,
  'saved-response.created': ({ by }) => `${by} saved a response`,
  'saved-response.changed': ({ by }) => `${by} changed a saved response`,
  'saved-response.deleted': ({ by }) => `${by} deleted a saved response`,
  'chat.exported': ({ format, by }) => `${by} downloaded the chat as ${format}`,
  'chat.opened': ({ by }) => `${by} opened the chat to write first`,
  'chat.priority': ({ from, to, by }) => `${by} set the chat's priority from ${from} to ${to}`,
  'simulation.started': ({ by, version }) =>
    `${by} simulated ${version ? `version ${version}` : 'the draft'} over an audience`,
  'simulation.cancelled': ({ by }) => `${by} cancelled a simulation`,
  'simulation.deleted': ({ by }) => `${by} deleted a simulation`,
  'rate-card.saved': ({ by, name }) => `${by} entered what messages cost: "${name}"`,
  'rate-card.deleted': ({ by, name }) => `${by} deleted the rate card "${name}"`,
  'assertion.saved': ({ by, name }) => `${by} said what must hold of the journey: "${name}"`,
  'assertions.overridden': ({ by, version, reason }) =>
    `${by} published version ${version} although assertions did not hold: ${reason}`,
  'assertion.deleted': ({ by, name }) => `${by} deleted what had to hold of the journey: "${name}"`,
  'certification.started': ({ by, paths }) => `${by} had ${paths} ways of a simulation run on Temporal`,
  'certification.ended': ({ state }) => `the certification ${state}`,
  'import.started': ({ name, by, dry_run }) =>
    `${by} started ${dry_run === 'true' ? 'a dry run of ' : ''}the import "${name}"`,
  'import.ended': ({ name, state }) => `the import "${name}" ended: ${state}`,
  'segment.created': ({ name, by }) => `${by} made the segment "${name}"`,
  'segment.changed': ({ by }) => `${by} changed the condition of the segment`,
  'segment.duplicated': ({ by }) => `${by} copied the segment`,
  'segment.deleted': ({ name, by }) => `${by} deleted the segment "${name}"`,
  'segment.subscribed': ({ by }) => `${by} subscribed contacts to the segment`,
  'segment.unsubscribed': ({ by }) => `${by} took contacts out of the segment`,
  'segment.swept': ({ contacts }) =>
    `as time passed, the condition of a segment changed its verdict on ${contacts} contacts`,
  'segment.entered': ({ name }) => `the contact became a member of the segment "${name}"`,
  'segment.left': ({ name }) => `the contact left the segment "${name}"`,
  'campaign.requested': ({ name, by, reason }) =>
    `${by} asked for a run of the campaign "${name}", which waits: ${reason}`,
  'campaign.request_refused': ({ reason }) => `the run that was asked for will not be: ${reason}`,
  'broadcast-wrapper.switched': ({ to, by }) => `${by} switched the broadcast wrapper ${to}`,
  'variable-group.created': ({ name, by }) => `${by} made the variable group "${name}"`,
  'variable-group.changed': ({ name, by }) => `${by} changed the variable group "${name}"`,
  'variable-group.filled': ({ name, lines, by }) =>
    `${by} gave the variable group "${name}" the values of ${lines} phone numbers`,
  'variable-group.deleted': ({ name, by }) => `${by} deleted the variable group "${name}"`,
  'variable-group.input': ({ name, input }) =>
    `"${shorten(input ?? '')}" was kept in the variable group "${name}"`,
  'link.clicked': ({ url }) => `the customer followed the link to ${shorten(url ?? '')}`,
  'media.added': ({ name, by }) => `${by} put "${name}" into the media library`,
  'media.archived': ({ name, by }) => `${by} took "${name}" out of the media library`,
  'media.renamed': ({ name, by }) => `${by} renamed a file of the media library to "${name}"`,
  'entry-point.created': ({ name, by }) => `${by} made the entry point "${name}"`,
  'entry-point.changed': ({ name, by }) => `${by} changed the entry point "${name}"`,
  'entry-point.deleted': ({ name, by }) => `${by} deleted the entry point "${name}"`,
  'window.closed': () => 'the 24-hour window closed',
}

/** Kinds that have a sentence: a test holds this against what the code records. */
export const saidKinds: readonly string[] = Object.keys(sentences)

function sayCandidates(candidates: Candidate[] | undefined): string {
  if (!candidates || candidates.length === 0) return 'no published journey was there to be judged'
  const started = candidates.filter((each) => each.started)
  const others = candidates.length - started.length
  if (started.length === 0) {
    return `of ${candidates.length} judged journeys none started (${candidates.map(sayCandidate).join('; ')})`
  }
  return started.map(sayCandidate).join('; ') + (others > 0 ? `; ${others} others did not start` : '')
}

export function sayCandidate({ name, started, reason }: Candidate): string {
  if (started) return `"${name}" was started: ${reason}`
  return `"${name}" was ${reason.startsWith('not started') ? reason : `not started: ${reason}`}`
}

function sayValues({ number: _number, ...values }: JsonObject): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${toText(value)}`)
    .join(', ')
}

function nameCard(name: string | undefined): string {
  return `"${name}"`
}

function list(names: unknown): string {
  return Array.isArray(names) && names.length > 0 ? names.join(', ') : 'nothing'
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
