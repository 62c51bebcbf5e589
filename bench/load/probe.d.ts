import type { Probed } from './messages.ts'

export function probe(): Probed
