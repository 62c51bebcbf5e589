import compile from 'icu-minify/compile'
import type { Plugin } from 'vite'
import { z } from 'zod'

/** Files whose every text is a message for the page. */
export const LOCALES = /\/src\/web\/locales\/[a-z]{2}(?:-[\w-]+)?\.ts$/

const Node = z.looseObject({ type: z.string(), start: z.number(), end: z.number() })
type Node = z.infer<typeof Node>
const Text = z.object({ type: z.literal('Literal'), value: z.string() })

/**
 * Parses the page's messages when it is built, so that no browser needs a parser for them: that is 8 KB of what is sent.
 * Development and tests parse them in the page, as `use-intl` does by itself.
 */
export function compiledWords(): Plugin {
  return {
    name: 'bms-console:compiled-words',
    apply: 'build',
    // Types are gone then.
    enforce: 'post',
    config: () => ({
      resolve: {
        alias: [{ find: /^use-intl\/format-message$/, replacement: 'use-intl/format-message/format-only' }],
      },
    }),
    transform: {
      filter: { id: LOCALES },
      handler(code) {
        return { code: withCompiled(code, this.parse(code)), map: null }
      },
    },
  }
}

/** @param tree of this code. @returns the code with compiled messages in place of its texts */
function withCompiled(code: string, tree: unknown): string {
  let compiled = ''
  let at = 0
  for (const { start, end, value } of messages(tree)) {
    compiled += code.slice(at, start) + JSON.stringify(compile(value))
    at = end
  }
  return compiled + code.slice(at)
}

/** Values of properties, in their order in the code. */
function* messages(tree: unknown): Generator<{ start: number; end: number; value: string }> {
  if (Array.isArray(tree)) {
    for (const each of tree) yield* messages(each)
    return
  }
  const node = Node.safeParse(tree).data
  if (!node) return
  const value = node.type === 'Property' ? propertyText(node) : null
  if (value) yield value
  else for (const child of Object.values(node)) yield* messages(child)
}

function propertyText({ value }: Node): { start: number; end: number; value: string } | null {
  const node = Node.safeParse(value).data
  const text = Text.safeParse(value).data
  return node && text ? { start: node.start, end: node.end, value: text.value } : null
}
