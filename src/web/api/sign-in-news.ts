/** Between the tabs of one browser, which share their sign-in. */
const channel = new BroadcastChannel('bms-console.sign-in')

/** Tells the other tabs that somebody signed in or out. */
export const tellSignInChanged = () => channel.postMessage('changed')

/** @returns what ends the listening */
export function onSignInChanged(listener: () => void): () => void {
  channel.addEventListener('message', listener)
  return () => channel.removeEventListener('message', listener)
}
