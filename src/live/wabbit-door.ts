import type { WebSocket } from 'ws'
import { composeWabbitBody } from '../outgoing-webhooks/wabbit-body.ts'
import { findUserByToken } from '../people/user-token.ts'
import type { Guarded } from './guard-socket.ts'
import { admit, nextMessage, readToken, type LiveHouse } from './meet-caller.ts'
import type { ShownEvent } from './show-events.ts'
import { whoCalls, type Caller } from './who-calls.ts'

/** Whoever does not take what is looked up for them is behind for good. */
const maximumWaiting = 2_000

/**
 * Wabbit's protocol: the first message is a token, and from then on the server tells what its webhook tells. Nothing counts as
 * received by that.
 */
export async function meetWabbitCaller(
  house: LiveHouse,
  { socket, guarded }: { socket: WebSocket; guarded: Guarded },
): Promise<void> {
  const say = (frame: object) => guarded.send(JSON.stringify(frame))
  const refuse = (message: string) => say({ type: 'response', status: 'bad_request', message })
  let caller: Caller | undefined
  while (!caller) {
    const text = await nextMessage(guarded)
    if (text === undefined) return
    const token = readToken(text)
    if (token === undefined) refuse('Send {"token": "…"} with the text of your token as your first message.')
    else {
      caller = await whoCalls(house.deps, (shown) => findUserByToken(house.deps, shown), token)
      if (!caller) say({ type: 'token', status: 'failed', message: 'This token is not valid.' })
    }
  }
  if (!(await admit(house, socket, caller))) return
  guarded.onMessage(() => refuse('You are authenticated: no other message is expected.'))
  await hearAsWebhook(house, { socket, caller, say })
  say({ type: 'token', status: 'success', message: 'You are authenticated.' })
}

async function hearAsWebhook(
  { deps, hub }: LiveHouse,
  { socket, caller, say }: { socket: WebSocket; caller: Caller; say: (frame: object) => void },
): Promise<void> {
  const { workspaceId } = caller.access
  const wants = { onIncomingMessage: true, onOutgoingMessage: true, onAssigned: true }
  const receiver = { workspaceId, userId: caller.actor.id, ...wants }
  let waiting = 0
  let turn = Promise.resolve()
  async function tell({ event }: ShownEvent): Promise<void> {
    if (socket.readyState !== socket.OPEN) return
    const { conversationId, data } = event
    const isStatus = event.kind === 'message.changed' && event.data.what === 'status'
    const kind = isStatus ? 'message.status' : event.kind
    const told = await composeWabbitBody(deps, receiver, { kind, conversationId, data: { ...data } })
    if (told) say({ type: 'waba_webhook', waba_payload: told.body })
  }
  const hearer = {
    access: caller.access,
    hear: () => undefined,
    reach: () => undefined,
    hearEvents(shown: ShownEvent[]) {
      waiting += shown.length
      if (waiting > maximumWaiting) return socket.terminate()
      turn = turn
        .then(async () => {
          for (const each of shown) await tell(each)
          waiting -= shown.length
        })
        .catch((error: unknown) => {
          deps.log.warn({ err: error }, 'a socket could not be served; it comes again')
          socket.close(1011, 'come again')
        })
    },
  }
  await hub.join(hearer)
  socket.once('close', () => hub.leave(hearer))
  if (socket.readyState !== socket.OPEN) hub.leave(hearer)
}
