const paths = {
  contacts:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-6 10v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2M16 3.1a4 4 0 0 1 0 7.8M21 21v-2a4 4 0 0 0-3-3.9',
  segments: 'M12 3a9 9 0 1 0 9 9h-9zM15 3.5A9 9 0 0 1 20.5 9H15z',
  imports: 'M12 3v12m0 0-4-4m4 4 4-4M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2',
  journeys: 'M6 3v12m0 0a3 3 0 1 0 0 6 3 3 0 0 0 0-6m12-6a3 3 0 1 0 0-6 3 3 0 0 0 0 6m0 0a9 9 0 0 1-9 9',
  campaigns: 'M3 10v4a1 1 0 0 0 1 1h3l9 5V4L7 9H4a1 1 0 0 0-1 1m16-1a4 4 0 0 1 0 6M8 15v4',
  numbers: 'M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2',
  stuck: 'M12 9v4m0 4h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0',
  prices: 'M3 6h18v12H3zm9 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6M6 9v6m12-6v6',
  settings: 'M4 6h9m4 0h3M4 12h3m4 0h9M4 18h9m4 0h3M15 4v4M9 10v4m6 2v4',
  search: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14m11 4-6-6',
  plus: 'M12 5v14M5 12h14',
  close: 'M18 6 6 18M6 6l12 12',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2m0 16v2M2 12h2m16 0h2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4m0-14.2-1.4 1.4M6.3 17.7l-1.4 1.4',
  filter: 'M4 4h16l-6 8v6l-4 2v-8z',
  columns: 'M4 4h16v16H4zM10 4v16m5-16v16',
  bookmark: 'M6 3h12v18l-6-4-6 4z',
  up: 'm6 15 6-6 6 6',
  down: 'm6 9 6 6 6-6',
  out: 'M14 8V6a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7a2 2 0 0 0 2-2v-2M9 12h12l-3-3m0 6 3-3',
  inbox: 'M3 13h5l2 3h4l2-3h5M5 5h14l2 8v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5z',
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3m-6-4a6 6 0 0 0 12 0m-6 6v4',
  sort: 'M7 4v16m0 0-3-3m3 3 3-3M13 6h8m-8 5h6m-6 5h4',
  back: 'm15 6-6 6 6 6',
  next: 'm9 6 6 6-6 6',
  check: 'm5 13 4 4L19 7',
  reply: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1',
  send: 'M4 20 21 12 4 4l2.5 8zM6.5 12H13',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18m0-14v5l3 2',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01m5.99 0h.01',
  clip: 'M20 11.5 12 19.500a5 5 0 0 1-7-7l8.5-8.500a3.3 3.3 0 0 1 4.7 4.700L9.7 17a1.6 1.6 0 0 1-2.3-2.300l7.6-7.6',
  note: 'M5 4h14v10l-5 5H5zM14 19v-5h5M8 9h8m-8 4h3',
  tag: 'M3 12V4h8l10 10-8 8zM7.5 8.500h.01',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-8 9a8 8 0 0 1 16 0',
  more: 'M12 6h.01M12 12h.01M12 18h.01',
  bell: 'M6 9a6 6 0 0 1 12 0c0 6 2.5 7 2.5 8h-17C3.5 16 6 15 6 9m4 11a2.2 2.2 0 0 0 4 0',
  download: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
  pin: 'M12 21s7-6.1 7-11.500A7 7 0 0 0 5 9.500C5 14.9 12 21 12 21m0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18m0-10v6m0-9h.01',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1.5 1.500M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.5-1.5',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  bag: 'M5 8h14l-1 12H6zM9 8V7a3 3 0 0 1 6 0v1',
  flag: 'M5 21V4h12l-2 4 2 4H5',
  bolt: 'M13 3 5 14h6l-1 7 8-11h-6z',
  hand: 'M7 11V6a1.5 1.5 0 0 1 3 0v4m0-5.500a1.5 1.5 0 0 1 3 0V10m0-4a1.5 1.5 0 0 1 3 0v6m0-2.500a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a7 7 0 0 1-5.5-3L4 13.500a1.5 1.5 0 0 1 2.5-1.600L8 14',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M5.6 5.600l12.8 12.8',
} as const

export type IconName = keyof typeof paths

/** Decoration: the words beside it, or the label of its button, say what it means. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
