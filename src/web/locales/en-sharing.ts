/** English for the list of viewers, and the question before the console ends for all. */
export const enSharing = {
  onThisLine: 'Viewers',
  watches: 'can only watch',
  owner: 'owner',
  hand: 'Hand over',
  handTo: 'Hand over keyboard to {name}',
  takeFrom: 'Take keyboard from {name}',
  releaseKeyboard: 'Release keyboard',
  endForAll: 'End for everyone…',
  endTitle: 'End this console for everyone?',
  endWarning:
    '{others, plural, =0 {This disconnects you from {name}.} one {This disconnects you and # other viewer from {name} and tells them you ended it.} other {This disconnects you and # other viewers from {name} and tells them you ended it.}} The server keeps running.',
  end: 'End for everyone',
}
