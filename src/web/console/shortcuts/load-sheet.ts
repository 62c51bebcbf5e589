import type { LoadDialog } from '../bar/bar-item.ts'

/** Loads the sheet that names all shortcuts. */
export const loadSheet: LoadDialog = () => import('./shortcut-sheet.tsx')
