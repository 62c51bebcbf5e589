import { listAnswer } from '../src/testing/clouds/huawei-answers.ts'

/** A cloud with so many servers, in pages of so many */
export const SERVERS = 20_000
const PAGE = 1_000

export const [fixture] = listAnswer.servers

/** The cloud's pages, made before anything is measured. */
export const pages = Array.from({ length: SERVERS / PAGE }, (_, page) => {
  const servers = Array.from({ length: PAGE }, (_, at) => ({
    ...fixture,
    id: `server-${page * PAGE + at}`,
    name: `bms-${page * PAGE + at}`,
  }))
  return Buffer.from(JSON.stringify({ count: SERVERS, servers }))
})
