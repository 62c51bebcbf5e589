import * as z from 'zod/mini'

/** What the gateway in front of a machine may take as a command to itself. */
export const gatewayEscapes = ['tilde-dot', 'ctrl-bracket', 'esc-paren'] as const
export type GatewayEscape = (typeof gatewayEscapes)[number]

export const KeyboardSettings = z.object({
  backspace: z.catch(z.enum(['del', 'bs']), 'del'),
  enter: z.catch(z.enum(['cr', 'lf', 'crlf']), 'cr'),
  functionKeys: z.catch(z.enum(['xterm', 'vt100', 'esc-digit']), 'xterm'),
  /** The line carries seven bits: the eighth is parity, or lost. */
  sevenBit: z.catch(z.boolean(), false),
  /** The machine shows nothing of what is typed, so the page does. */
  localEcho: z.catch(z.boolean(), false),
  /** These are asked about before they are sent. */
  guarded: z.catch(z.array(z.enum(gatewayEscapes)), []),
})
export type KeyboardSettings = z.infer<typeof KeyboardSettings>

export const defaultKeyboard = KeyboardSettings.parse({})
