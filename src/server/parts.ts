import type { Server } from 'node:http'
import { steadyClock, systemClock } from '../shared/clock.ts'
import { allLogs, allRecordings } from './all-logs.ts'
import type { AppOptions } from './app-options.ts'
import { nameOfAudit } from './audit/name.ts'
import { openAudit } from './audit/open.ts'
import { LeasedLines } from './consoles/leased-lines.ts'
import { issueLink, reissueLink } from './consoles/link.ts'
import { Presences } from './consoles/presences.ts'
import { Sessions } from './consoles/sessions.ts'
import type { ViewerSocket } from './consoles/viewer-socket.ts'
import { withEmbedding } from './embed/embed-mode.ts'
import { giveLines } from './give-lines.ts'
import { openLogIndex } from './line-log/index/open-log-index.ts'
import { LineLogs } from './line-log/line-logs.ts'
import { Masks } from './line-log/masks/masks.ts'
import { tellCounts } from './line-log/masks/tell-counts.ts'
import { openLineStore } from './line-log/open-line-store.ts'
import { withOutlets } from './line-log/outlets.ts'
import { Followers } from './line-log/reading/followers.ts'
import { poolLimits, SearchPool } from './line-log/search/pool.ts'
import { otherReplicas } from './other-replicas.ts'
import { Dialler } from './outbound/dialler.ts'
import { openPreferences } from './preferences/open.ts'
import { recordedByItself } from './recordings/audit.ts'
import { Recorder } from './recordings/recorder.ts'
import { openAtOwner } from './routes/open-line.ts'
import { Choices } from './watch/choices.ts'
import { Watcher } from './watch/watcher.ts'

/** One person's searches in lines' logs at a time */
const SEARCHES_EACH = 3
/** One person's readings of the list at a time, of all their pages. In mode `service` all users are one. */
const LISTS_EACH = 200
/** How long a stream that has ended may take to reach its reader at the end of this process */
const LAST_WORDS_MS = 1_000

/** What stands behind the routes */
export type Parts = Awaited<ReturnType<typeof openParts>>

/** Opens what stands behind the routes: lines with their logs, recordings, what is watched, and who is where. */
export async function openParts(options: AppOptions) {
  const { config, grants = null, replica = null, logger, meter } = options
  const clock = options.clock ?? systemClock
  // For all that is a duration
  const steady = options.clock ?? steadyClock
  const signIn = grants ? withEmbedding(options.signIn.mode, grants) : options.signIn.mode
  const audit = options.audit ?? (await openAudit(config.audit, { log: logger, clock }))
  const masks = config.masks.length > 0 ? new Masks(config.masks) : null
  const tellMasked = masks && tellCounts(masks, { log: logger, clock: steady })
  const given = options.lineStore && { store: options.lineStore, lastSeen: null, tags: null }
  const { store, lastSeen, tags } =
    given ?? (await openLineStore(config.lineLog, logger, { recorded: config.recordings !== null }))
  const recorder = config.recordings
    ? await Recorder.open({
        settings: config.recordings,
        log: logger,
        clock: steady,
        store,
        wall: clock,
        onByItself: recordedByItself(audit),
      })
    : null
  const lineStore = withOutlets(store ?? recorder?.store ?? null, {
    masks,
    ship: config.ship,
    fetch: options.fetch,
    log: logger,
    clock: steady,
  })
  const dialler = new Dialler(config.outbound)
  const sessions = new Sessions({
    config: config.console,
    log: logger,
    issueLink: (cloud, serverId) => issueLink(cloud, config.console.gateways, serverId),
    reissueLink: (cloud, serverId) => reissueLink(cloud, config.console.gateways, serverId),
    dialler,
    recorder,
    lineLogs: new LineLogs({
      store: lineStore,
      lastSeen,
      keptBytes: config.console.ringBytes,
      log: logger,
      clock: steady,
      wall: clock,
    }),
    ...(replica
      ? {
          ownership: new LeasedLines({
            keeper: replica.keeper,
            store: options.store,
            isLive: (id) => replica.isLive(id),
          }),
        }
      : {}),
    audit,
    clock: steady,
    meter,
  })
  const logIndex =
    config.lineLog && store
      ? await openLogIndex({
          dir: config.lineLog.dir,
          store,
          log: logger,
          clock: steady,
        })
      : null
  const { watchedCloud } = options
  const watcher =
    config.watch && watchedCloud
      ? new Watcher({
          settings: config.watch,
          cloud: watchedCloud,
          sessions,
          choices: await Choices.open(config.lineLog?.dir ?? null, logger, options.store),
          onListed: (servers) => tags?.learn(servers),
          log: logger,
          clock: steady,
        })
      : null
  // Where nobody signs in, everybody is the same user.
  const nobodySignsIn = config.signIn.mode === 'service' && config.signIn.proxy === null
  const preferences = nobodySignsIn
    ? null
    : openPreferences(options.store, config.lineLog?.dir ?? null, logger)
  const presences = new Presences({
    store: options.store,
    sessions,
    clock,
    log: logger,
    ...(replica ? { atOwner: (serverId) => openAtOwner(replica, serverId) } : {}),
  })
  const viewers = new Set<ViewerSocket>()
  const followers = new Followers()
  const searching = new Followers(SEARCHES_EACH)
  const listing = new Followers(LISTS_EACH)
  const others = replica && otherReplicas({ replica, shared: options.store, clock: steady })
  const auditName = others && (await nameOfAudit(config.audit))
  const activityElsewhere = others && {
    ownStore: auditName,
    peers: others.peers,
    stores: others.stores('audit-stores', auditName),
  }
  const logs = allLogs(store, others, steady)
  const recordings = allRecordings(recorder, others)
  const eventsOf = recordings ? (id: string) => recordings.events(id) : undefined
  const searchPool = new SearchPool(steady, poolLimits, eventsOf)
  signIn.onEnded((ended) => {
    sessions.signInEnded(ended)
    followers.signInEnded(ended)
    searching.signInEnded(ended)
    listing.signInEnded(ended)
    for (const viewer of viewers) {
      if (viewer.signIn === ended)
        viewer.refuse({ cause: 'sign-in-needed', detail: 'The sign-in has ended.' })
    }
  })

  /** This process ends: lines go to other replicas or end, and all who are connected hear why. */
  const end = async (server: Pick<Server, 'closeIdleConnections'>) => {
    watcher?.stop()
    if (replica)
      await giveLines(replica, { sessions, closeIdle: () => server.closeIdleConnections(), log: logger })
    const left = sessions.endAll({ cause: 'proxy-restarting' })
    for (const viewer of viewers) viewer.close()
    // After this, all connections are cut. A stream that has ended may still be on its way.
    const ended = [
      followers.endAll(null, steadyClock, LAST_WORDS_MS),
      searching.endAll(null, steadyClock, LAST_WORDS_MS),
      listing.endAll({ cause: 'proxy-restarting' }, steadyClock, LAST_WORDS_MS),
    ]
    await Promise.all([left, ...ended, ...[...viewers].map((viewer) => viewer.closed)])
  }
  const close = async () => {
    searchPool.close()
    others?.close()
    await logIndex?.close()
    // The sessions have ended, so it keeps what they said until then.
    await tags?.written()
    await lineStore?.close()
    await recorder?.close()
    tellMasked?.()
    await presences.close()
    await signIn.close()
    await replica?.leave()
    await options.store.close()
    // In mode `iam` it is nobody else's.
    if (config.signIn.mode === 'iam') await watchedCloud?.close()
    // The audit log closes last, since what the others end is an event, too.
    await audit.close()
  }
  return {
    signIn,
    audit,
    store,
    tags,
    recorder,
    eventsOf,
    dialler,
    sessions,
    watcher,
    preferences,
    presences,
    viewers,
    followers,
    searching,
    listing,
    searchPool,
    logs,
    recordings,
    auditName,
    activityElsewhere,
    logIndex,
    end,
    close,
  }
}
