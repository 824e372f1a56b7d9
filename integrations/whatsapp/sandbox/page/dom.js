/** Makes an element; text goes in as text nodes only, so that a message can never become markup. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue
    if (name === 'onclick') node.addEventListener('click', value)
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''))
  return node
}

const marks = [
  [/^```([\s\S]+?)```/, 'code'],
  [/^`([^`\n]+)`/, 'code'],
  [/^\*([^*\n]+)\*/, 'strong'],
  [/^_([^_\n]+)_/, 'em'],
  [/^~([^~\n]+)~/, 's'],
]

/** WhatsApp's own marks (*bold*, _italic_, ~struck~, `code`) as nodes; everything else as it stands. */
export function formatted(text) {
  const nodes = []
  let plain = ''
  let rest = String(text ?? '')
  while (rest) {
    const atWordStart = plain === '' || /[\s\p{P}]$/u.test(plain)
    const [match, tag] = (atWordStart && firstMark(rest)) || []
    if (match) {
      nodes.push(plain, element(tag, {}, ...(tag === 'code' ? [match[1]] : formatted(match[1]))))
      plain = ''
      rest = rest.slice(match[0].length)
    } else {
      const [letter] = rest
      plain += letter
      rest = rest.slice(letter.length)
    }
  }
  return [...nodes, plain].filter((node) => node !== '')
}

function firstMark(rest) {
  for (const [pattern, tag] of marks) {
    const match = pattern.exec(rest)
    if (match && !/^\s|\s$/.test(match[1])) return [match, tag]
  }
  return null
}
