import bold from './jetbrains-mono-bold.woff2?url'
import regular from './jetbrains-mono-regular.woff2?url'

const FAMILY = 'BMS Console Mono'
/** A font that comes later would move what a person reads already. It is in the browser's cache for the next time. */
const DEADLINE_MS = 3_000

/** As high as most fonts for terminals are. Its boxes are higher, so they meet without room between two rows. */
const shape: FontFaceDescriptors = { ascentOverride: '98%', descentOverride: '26%', lineGapOverride: '0%' }

let loading: Promise<string | null> | null = null

/**
 * Loads the font that comes with the console. Nothing waits for it: until then the system's font is shown.
 * @returns its family; null: it did not come, or too late
 */
export function loadTerminalFont(): Promise<string | null> {
  loading ??= load()
  return loading
}

async function load(): Promise<string | null> {
  // A document without fonts, as in tests
  if (typeof FontFace === 'undefined') return null
  const faces = [
    new FontFace(FAMILY, `url(${regular})`, { ...shape, weight: '400' }),
    new FontFace(FAMILY, `url(${bold})`, { ...shape, weight: '700' }),
  ]
  const began = performance.now()
  try {
    await Promise.all(faces.map((face) => face.load()))
  } catch {
    // The network or a policy refused it. The system's font stays.
    return null
  }
  if (performance.now() - began > DEADLINE_MS) return null
  for (const face of faces) document.fonts.add(face)
  return FAMILY
}
