const paths = {
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.500h.01',
  film: 'M4 6h11v12H4zM15 10l5-3v10l-5-3z',
  sound: 'M5 14v-2a7 7 0 0 1 14 0v2M5 14h3v5H5zM16 14h3v5h-3z',
  page: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  sticker: 'M5 5h14v9l-5 5H5zM19 14h-5v5',
  pin: 'M12 21s7-6.100 7-11.500A7 7 0 0 0 5 9.500C5 14.900 12 21 12 21ZM12 9.500h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.500 20a7.500 7.500 0 0 1 15 0',
  bag: 'M5 8h14l-1 12H6zM9 8a3 3 0 0 1 6 0',
  form: 'M6 4h12v16H6zM9 9h6M9 13h6M9 17h3',
  other:
    'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM9.800 10a2.200 2.200 0 1 1 3 2c-.6.300-.8.700-.8 1.400M12 16.500h.01',
}

/** A drawn sign, since a machine may have no emoji font; hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  const attributes = { viewBox: '0 0 24 24', width: 26, height: 26, 'aria-hidden': 'true' }
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value)
  path.setAttribute('d', paths[name] ?? paths.other)
  for (const [key, value] of Object.entries({ fill: 'none', stroke: 'currentColor', 'stroke-width': 1.6 })) {
    path.setAttribute(key, value)
  }
  path.setAttribute('stroke-linecap', 'round')
  path.setAttribute('stroke-linejoin', 'round')
  svg.append(path)
  return svg
}
