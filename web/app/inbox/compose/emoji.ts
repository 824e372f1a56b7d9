/** Those that people write to customers, with words to find them by. */
const lines = `
smile 😀|grin happy 😁|laugh joy 😂|rofl 🤣|smile 😊|wink 😉|love eyes 😍|kiss 😘|yum 😋|cool sunglasses 😎|think 🤔|neutral 😐|roll eyes 🙄|smirk 😏|sleep 😴|sad 😢|cry 😭|angry 😠|shock 😮|scream 😱|blush ☺️|hug 🤗|party 🥳|sweat 😅|relieved 😌|confused 😕|worried 😟|sick 🤒|mask 😷|salute 🫡
thumbs up yes 👍|thumbs down no 👎|ok 👌|clap 👏|thanks pray please 🙏|wave hello 👋|muscle strong 💪|point right 👉|point up ☝️|victory ✌️|fingers crossed 🤞|handshake deal 🤝|write ✍️|call 🤙|raise hands 🙌|eyes look 👀
heart love ❤️|orange heart 🧡|yellow heart 💛|green heart 💚|blue heart 💙|purple heart 💜|broken heart 💔|hundred 💯|fire 🔥|star ⭐|sparkles ✨|boom 💥|zzz 💤|party tada 🎉|gift 🎁|balloon 🎈|cake 🎂|trophy 🏆
check yes done ✅|cross no ❌|warning ⚠️|question ❓|exclamation ❗|info ℹ️|new 🆕|free 🆓|sos 🆘|stop 🛑|bell 🔔|mute 🔕|lock 🔒|unlock 🔓|key 🔑|search 🔍|bulb idea 💡|pin 📌|link 🔗|recycle ♻️
package parcel 📦|truck delivery 🚚|plane ✈️|car 🚗|bike 🚲|house home 🏠|office 🏢|shop store 🏬|hospital 🏥|school 🏫|map 🗺️|location 📍|globe 🌍|calendar date 📅|clock time ⏰|hourglass ⏳|phone call 📞|mobile 📱|laptop 💻|mail email 📧|letter ✉️|document 📄|clipboard 📋|chart 📈|money 💰|card credit 💳|cash 💵|receipt bill 🧾|cart shopping 🛒|bag shopping 🛍️|camera 📷|video 🎥|tools repair 🔧|gear settings ⚙️
coffee ☕|tea 🍵|beer 🍺|wine 🍷|pizza 🍕|burger 🍔|salad 🥗|sushi 🍣|bread 🍞|apple 🍎|ice cream 🍦|sun ☀️|cloud ☁️|rain 🌧️|snow ❄️|umbrella ☂️|rainbow 🌈|flower 🌸|rose 🌹|tree 🌳|dog 🐶|cat 🐱|unicorn 🦄
`

export const emojis: { sign: string; words: string }[] = lines
  .trim()
  .split(/[|\n]/)
  .map((line) => {
    const at = line.lastIndexOf(' ')
    return { words: line.slice(0, at), sign: line.slice(at + 1) }
  })
