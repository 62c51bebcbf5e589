import * as z from 'zod/mini'
import { text } from '../search-params.ts'
import { noTerms, type SearchTerms, spans } from './terms.ts'

const flag = () => z.catch(z.optional(z.literal('true')), undefined)
const moment = () => z.catch(z.optional(z.iso.datetime({ offset: true })), undefined)

/** The parts of an address that say what is searched. */
export const TermsInAddress = z.object({
  q: text(),
  case: flag(),
  regex: flag(),
  span: z.catch(z.optional(z.enum(spans)), undefined),
  since: moment(),
  until: moment(),
})
type TermsInAddress = z.infer<typeof TermsInAddress>

export const termsOf = ({ q, case: matchCase, regex, span, since, until }: TermsInAddress): SearchTerms => ({
  text: q ?? noTerms.text,
  matchCase: matchCase === 'true',
  regex: regex === 'true',
  span: span ?? noTerms.span,
  since: span === 'range' ? since : undefined,
  until: span === 'range' ? until : undefined,
})

/** What is not said is left out, so that most addresses are short. */
export const addressOf = ({ text, matchCase, regex, span, since, until }: SearchTerms): TermsInAddress => ({
  q: text || undefined,
  case: matchCase ? 'true' : undefined,
  regex: regex ? 'true' : undefined,
  span: span === noTerms.span ? undefined : span,
  since: span === 'range' ? since : undefined,
  until: span === 'range' ? until : undefined,
})
