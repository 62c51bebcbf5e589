import * as z from 'zod/mini'

/** A search parameter that is free text. One that is not as expected counts as absent: addresses are typed by hand. */
export const text = () => z.catch(z.optional(z.string()), undefined)
