let context: AudioContext | undefined

/** Two short tones: no file to load. Browsers are silent until somebody has clicked somewhere. */
export function playTone(): void {
  context ??= new AudioContext()
  const from = context.currentTime
  for (const [at, hertz] of [880, 1175].entries()) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0.08, from + at * 0.12)
    volume.gain.exponentialRampToValueAtTime(0.0001, from + at * 0.12 + 0.15)
    tone.connect(volume).connect(context.destination)
    tone.start(from + at * 0.12)
    tone.stop(from + at * 0.12 + 0.16)
  }
}
