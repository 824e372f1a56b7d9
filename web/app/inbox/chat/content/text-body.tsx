import { WhatsappText } from '../../../campaigns/message/whatsapp-text.tsx'

/** Up to three emoji alone are drawn large, as phones do. */
const loneEmoji =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D|\p{Emoji_Modifier}|\p{Extended_Pictographic})*\s?){1,3}$/u

export function TextBody({ text }: { text: string }) {
  if (text === '') return null
  return (
    <div className={loneEmoji.test(text) ? 'inbox-text inbox-emoji' : 'inbox-text'} dir="auto">
      <WhatsappText text={text} isLinked />
    </div>
  )
}
