import { early } from './early.ts'

// Nothing else may run before the ticket is out of the address: what this imports statically is `early.ts` alone.
early.takeTicket()
void import('./main.tsx')
