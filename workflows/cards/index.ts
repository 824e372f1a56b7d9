import type { Card } from './card.ts'
import { audio } from './display/audio.ts'
import { block } from './display/block.ts'
import { document } from './display/document.ts'
import { image } from './display/image.ts'
import { interactiveFlow } from './display/interactive-flow.ts'
import { interactiveMessage } from './display/interactive-message.ts'
import { listMessage } from './display/list-message.ts'
import { message } from './display/message.ts'
import { multiProduct } from './display/multi-product.ts'
import { phraser } from './display/phraser.ts'
import { provideAddress } from './display/provide-address.ts'
import { sendCatalog } from './display/send-catalog.ts'
import { singleProduct } from './display/single-product.ts'
import { url } from './display/url.ts'
import { userInput } from './display/user-input.ts'
import { video } from './display/video.ts'
import { abSplitter } from './rule/ab-splitter.ts'
import { endConversation } from './rule/end-conversation.ts'
import { goTo } from './rule/go-to.ts'
import { runIf } from './rule/run-if.ts'
import { timeDelay } from './rule/time-delay.ts'
import { comment } from './utility/comment.ts'
import { customScript } from './utility/custom-script.ts'
import { dnd } from './utility/dnd.ts'
import { handoff } from './utility/handoff.ts'
import { jsonApi } from './utility/json-api.ts'
import { label } from './utility/label.ts'
import { segment } from './utility/segment.ts'
import { sendTemplate } from './utility/send-template.ts'
import { setupAttribute } from './utility/setup-attribute.ts'
import { tag } from './utility/tag.ts'

/** Every card there is. The workflow, the API, the builder and the simulator look up here. */
export const cards: Readonly<Record<string, Card>> = Object.fromEntries(
  [
    message,
    image,
    video,
    audio,
    document,
    interactiveMessage,
    listMessage,
    interactiveFlow,
    userInput,
    phraser,
    url,
    sendCatalog,
    singleProduct,
    multiProduct,
    provideAddress,
    block,
    runIf,
    timeDelay,
    abSplitter,
    goTo,
    endConversation,
    setupAttribute,
    tag,
    segment,
    label,
    dnd,
    handoff,
    jsonApi,
    customScript,
    sendTemplate,
    comment,
  ].map((card) => [card.type, card]),
)
