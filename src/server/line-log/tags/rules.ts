import { ConfigError } from '../../environment.ts'
import { wildcard } from '../../wildcard.ts'
import type { LineLimits } from '../store/retention.ts'

/** How much is kept of the lines whose servers have a tag. What it does not say is as for all lines. */
export interface TagRule extends Partial<LineLimits> {
  /** It may hold `*` and `?`. */
  tag: string
}

const TAGS_VARIABLE = 'BMS_CONSOLE_LINE_LOG_TAGS'

const DAYS = /^(\d+)d$/
const SIZE = /^(\d+)(MiB|GiB)$/i
const MOST_DAYS = 36_500
const MOST_MIB = 1_000_000

/**
 * @param items e.g. `env=prod: 90d 1GiB` and `lab: 3d`
 * @throws ConfigError that says which item is wrong, and what about it; never the item, since it may be a secret in the
 * wrong variable
 */
export function tagRules(items: readonly string[]): TagRule[] {
  const rules: TagRule[] = []
  for (const [index, item] of items.entries()) {
    const fail = (what: string): never => {
      throw new ConfigError(
        `${TAGS_VARIABLE} is not valid: item ${index + 1} of ${items.length} ${what}. An item is a tag, a colon, and days or a size, e.g. env=prod: 90d 1GiB, lab: 3d`,
      )
    }
    // A tag may have a colon itself.
    const colon = item.lastIndexOf(':')
    if (colon === -1) fail('has no colon')
    const rule: TagRule = { tag: item.slice(0, colon).trim() }
    if (rule.tag === '') fail('has no tag')
    const earlier = rules.findIndex(({ tag }) => tag === rule.tag)
    if (earlier !== -1) fail(`has the tag of item ${earlier + 1}`)
    const limits = item
      .slice(colon + 1)
      .split(/\s+/)
      .filter(Boolean)
    if (limits.length === 0) fail('has no limit')
    for (const limit of limits) addLimit(rule, limit, fail)
    rules.push(rule)
  }
  return rules
}

function addLimit(rule: TagRule, limit: string, fail: (what: string) => never): void {
  const [, days] = DAYS.exec(limit) ?? []
  const [, size, unit = ''] = SIZE.exec(limit) ?? []
  if (days !== undefined) {
    if (rule.days !== undefined) fail('has days twice')
    rule.days = Number(days)
    if (rule.days < 1 || rule.days > MOST_DAYS) fail(`has days that are not from 1 to ${MOST_DAYS}`)
  } else if (size !== undefined) {
    if (rule.lineMib !== undefined) fail('has a size twice')
    rule.lineMib = Number(size) * (unit.toLowerCase() === 'gib' ? 1024 : 1)
    if (rule.lineMib < 1 || rule.lineMib > MOST_MIB) fail(`has a size that is not from 1 to ${MOST_MIB} MiB`)
  } else {
    fail('has a limit that is neither days (90d) nor a size (512MiB, 2GiB)')
  }
}

/** How much is kept of a line. The most generous rule counts: what one tag keeps, another does not delete. */
export function limitsOf(
  tags: readonly string[],
  rules: readonly TagRule[],
  { days, lineMib }: LineLimits,
): LineLimits {
  const matching = rules.filter(({ tag }) => {
    const matches = wildcard(tag)
    return tags.some((each) => matches.test(each))
  })
  const most = (values: (number | undefined)[], otherwise: number) => {
    const said = values.filter((value) => value !== undefined)
    return said.length > 0 ? Math.max(...said) : otherwise
  }
  return {
    days: most(
      matching.map((rule) => rule.days),
      days,
    ),
    lineMib: most(
      matching.map((rule) => rule.lineMib),
      lineMib,
    ),
  }
}
