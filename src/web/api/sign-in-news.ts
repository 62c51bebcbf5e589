/** Connects the tabs of one browser, which share their sign-in. */
const channel = new BroadcastChannel('bms-console.sign-in')

/** Tells the other tabs that a user signed in or out. */
export const tellSignInChanged = () => channel.postMessage('changed')

/** @returns stops listening */
export function onSignInChanged(listener: () => void): () => void {
  channel.addEventListener('message', listener)
  return () => channel.removeEventListener('message', listener)
}
