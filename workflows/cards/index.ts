import type { Card } from './card.ts'
import { block } from './display/block.ts'
import { interactiveMessage } from './display/interactive-message.ts'
import { message } from './display/message.ts'
import { userInput } from './display/user-input.ts'
import { abSplitter } from './rule/ab-splitter.ts'
import { endConversation } from './rule/end-conversation.ts'
import { goTo } from './rule/go-to.ts'
import { runIf } from './rule/run-if.ts'
import { timeDelay } from './rule/time-delay.ts'
import { setupAttribute } from './utility/setup-attribute.ts'

/** Every card there is. The workflow, the API, the builder and the simulator look up here. */
export const cards: Readonly<Record<string, Card>> = Object.fromEntries(
  [
    message,
    interactiveMessage,
    block,
    userInput,
    runIf,
    timeDelay,
    abSplitter,
    goTo,
    endConversation,
    setupAttribute,
  ].map((card) => [card.type, card]),
)
