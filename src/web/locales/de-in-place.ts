import type { Words } from './en.ts'

/** German for a direct line in the relay's place. */
export const deInPlace: Words['inPlace'] = {
  direct: 'Ihr Browser verbindet sich selbst mit dem Gateway',
  directNext:
    'BMS Console erreicht das Gateway nicht. Auf dieser Leitung kann niemand mitlesen. Was der Server ausgibt, während Sie getrennt sind, geht verloren, und die Seite erfährt nicht, ob Ihre Tasten ankommen.',
  why: 'Warum BMS Console es nicht erreicht',
  none: 'Auch Ihr Browser kommt nicht durch',
  noneNext:
    'Er hat es zuerst mit einem eigenen Link versucht. Laden Sie die Seite neu, damit er es noch einmal versucht.',
  read: 'OK',
}
