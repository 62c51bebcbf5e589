import { SEEN_KEY } from './seen-key.ts'

/** Connects the tabs of one browser, which share their sign-in. */
const channel = new BroadcastChannel('bms-console.sign-in')

const CHANGED_KEY = 'bms-console.sign-in-changed'
let forgetMore = () => {}

/** Takes away what this tab keeps of lines that a user saw. */
export function forgetSeen(): void {
  forgetMore()
  try {
    sessionStorage.removeItem(SEEN_KEY)
  } catch {
    // Then nothing was kept.
  }
}
channel.addEventListener('message', forgetSeen)

/** @param forget takes away what lies in memory */
export function onForget(forget: () => void): void {
  forgetMore = forget
}

/** When a user last signed in or out, in any tab; epoch ms. A page that was loading then heard nothing of it. */
export const signInChangedAt = () => Number(localStorage.getItem(CHANGED_KEY))

/** Tells the other tabs that a user signed in or out. */
export function tellSignInChanged(): void {
  forgetSeen()
  try {
    localStorage.setItem(CHANGED_KEY, String(Date.now()))
  } catch {
    // Then nothing of what was seen is kept, either.
  }
  channel.postMessage('changed')
}

/** @returns stops listening */
export function onSignInChanged(listener: () => void): () => void {
  channel.addEventListener('message', listener)
  return () => channel.removeEventListener('message', listener)
}
