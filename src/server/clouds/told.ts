import { z } from 'zod'
import { visibleName } from '../../shared/visible.ts'

// How answers about one server are read. What is odd in them costs the odd part, and not the answer.

export const word = z.string().nullish().catch(null)
/** References say "String" where clouds send numbers and truth values, and the other way round. */
export const anything = z.union([z.string(), z.number(), z.boolean()]).nullish().catch(null)
export const list = <T>(item: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((each) => {
        const { data } = item.safeParse(each)
        return data === undefined ? [] : [data]
      }),
    )
export const record = z.record(z.string(), z.unknown()).catch({})

export type Told = z.infer<typeof anything>

/** undefined: the cloud does not say */
export function truth(told: Told): boolean | undefined {
  const text = String(told ?? '').toLowerCase()
  return text === 'true' || text === 'false' ? text === 'true' : undefined
}

/** Nova bounds each of these far below. A hostile answer must not fill a page. */
const MAX_ITEMS = 200
const MAX_LINE = 1_024

export const cut = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text
export const line = (text: string) => visibleName(cut(text, MAX_LINE))
export const some = <T>(items: readonly T[]): readonly T[] => items.slice(0, MAX_ITEMS)
