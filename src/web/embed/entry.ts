import { early } from './early.ts'

// No other code may run before the ticket is out of the address, so `early.ts` is the only static import.
early.takeTicket()
void import('./main.tsx')
