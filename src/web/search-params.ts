import * as z from 'zod/mini'

/** A search parameter that is free text. One that is not as expected counts as absent: addresses are typed by hand. */
export const text = () => z.catch(z.optional(z.string()), undefined)

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.undefined()]))

/**
 * The router's own way reads `?q=10` as a number, and writes the text as `?q=%2210%22`. Here a parameter is plain text,
 * as people and other programs write it, with its commas. A route that wants a number parses one.
 */
export const plainSearch = {
  /** @param search with or without its question mark */
  parseSearch: (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search)),
  /** @param values those that are undefined are left out */
  stringifySearch(values: Record<string, unknown>): string {
    const given = Object.entries(Values.parse(values)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    return given.length === 0 ? '' : `?${new URLSearchParams(given).toString().replaceAll('%2C', ',')}`
  },
}
