import type { ReactNode } from 'react'
import { enPower } from '../locales/en-power.ts'
import { MoreWords } from '../locales/more-words.tsx'

const english = { powering: enPower }

/** The words of what is loaded when a person turns to the power of a server. */
export const PowerWords = ({ children }: { children: ReactNode }) => (
  <MoreWords english={english}>{children}</MoreWords>
)
