import * as z from 'zod/mini'

const Colour = z.string().check(z.regex(/^#[\da-f]{6}$/))

/** A terminal's colours. `ansi` has the eight and their bright forms, in the order of their numbers. */
export const TerminalColours = z.object({
  foreground: Colour,
  background: Colour,
  cursor: Colour,
  ansi: z.array(Colour).check(z.length(16)),
})
export type TerminalColours = z.infer<typeof TerminalColours>

export const paletteNames = ['midnight', 'graphite', 'phosphor', 'amber', 'paper', 'contrast'] as const
export type PaletteName = (typeof paletteNames)[number]

/** `page`: as light or dark as the page. `own`: those that the person has made. */
export const colourChoices = ['page', ...paletteNames, 'own'] as const
export type ColourChoice = (typeof colourChoices)[number]
