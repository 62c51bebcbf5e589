// The scripts that the store runs in Redis, each as a whole. All keys of one script share a hash tag, so that a cluster
// keeps them in one place. That is why all leases, and the tails that are written with them, are in one place: they are
// renewed together.

/** Tells the time in ms by Redis' own clock. */
const now = `
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** Notes when this Redis began, as far as it remembers. A time that is still to come was written before the clock went back. */
const born = `${now}
    local born = tonumber(redis.call('GET', KEYS[1]))
    if not born or born > now then
      born = now
      redis.call('SET', KEYS[1], string.format('%.0f', born))
    end`

export const scripts = {
  replace: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    return 1`,

  begin: `${born}
    return 1`,

  /**
   * Keys: the epoch, the lease, its counter. What is left of the counter's time to live tells since when nobody has the
   * lease.
   * @returns the token and what the counter had left in ms (less than 0: there was none), or minus the ms to wait, or who
   * holds it and for how many ms
   */
  acquire: `${born}
    local held = redis.call('GET', KEYS[2])
    if held then return {held, redis.call('PTTL', KEYS[2])} end
    local wait = born + ARGV[4] - now
    if wait > 0 then return -wait end
    local left = redis.call('PTTL', KEYS[3])
    local token = redis.call('INCR', KEYS[3])
    redis.call('PEXPIRE', KEYS[3], ARGV[3])
    redis.call('SET', KEYS[2], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
    return {token, left}`,

  /**
   * Keys: the epoch, then each lease and its counter. Arguments: two times to live, then each lease as it is kept. A
   * counter that is larger than the token says that another had the lease since. @returns for each 1: renewed, 2: put back,
   * 0: neither
   */
  renewAll: `${born}
    local held = {}
    for i = 3, #ARGV do
      local lease, counter = KEYS[2 * i - 4], KEYS[2 * i - 3]
      local kept = redis.call('GET', lease)
      held[i - 2] = 0
      if kept == ARGV[i] then
        held[i - 2] = 1
        redis.call('PEXPIRE', lease, ARGV[1])
        redis.call('PEXPIRE', counter, ARGV[2])
      elseif not kept then
        local token = string.match(ARGV[i], '^%d+')
        if tonumber(redis.call('GET', counter) or 0) <= tonumber(token) then
          held[i - 2] = 2
          redis.call('SET', lease, ARGV[i], 'PX', ARGV[1])
          redis.call('SET', counter, token, 'PX', ARGV[2])
        end
      end
    end
    return held`,

  /** The counter goes on, so that a renewal which comes late does not bring the lease back. */
  release: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('INCR', KEYS[2])
    redis.call('PEXPIRE', KEYS[2], ARGV[2])
    return redis.call('DEL', KEYS[1])`,

  /**
   * Writes of several lines. Keys: the lease, its counter and the stream of each. Arguments: how many pieces a stream may
   * have, then for each line its lease, the id that is kept from, the time to live, how many pieces come, and these: id,
   * bytes, facts. Redis refuses an id that is not larger than all before, so a piece that is written again changes
   * nothing. @returns for each line 1: written, 0: the lease is not the newest, or what went wrong
   */
  appendTails: `
    local function isNewest(lease, counter, mine)
      local kept = redis.call('GET', lease)
      if kept then return kept == mine end
      return tonumber(redis.call('GET', counter) or 0) <= tonumber(string.match(mine, '^%d+'))
    end
    local done = {}
    local a = 2
    for k = 1, #KEYS, 3 do
      local stream = KEYS[k + 2]
      local pieces = tonumber(ARGV[a + 3])
      local result = 0
      if isNewest(KEYS[k], KEYS[k + 1], ARGV[a]) then
        result = 1
        for i = a + 4, a + 3 + 3 * pieces, 3 do
          local added = redis.pcall('XADD', stream, ARGV[i], 'b', ARGV[i + 1], 'f', ARGV[i + 2])
          if type(added) == 'table' and added.err and not string.find(added.err, 'equal or smaller') then
            result = added.err
          end
        end
        redis.call('XTRIM', stream, 'MINID', ARGV[a + 1])
        redis.call('XTRIM', stream, 'MAXLEN', ARGV[1])
        redis.call('PEXPIRE', stream, ARGV[a + 2])
      end
      done[#done + 1] = result
      a = a + 4 + 3 * pieces
    end
    return done`,

  join: `${now}
    redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2])
    if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
    return 1`,

  /** @returns each member and its value, without those whose time is over, which go */
  members: `${now}
    local all = redis.call('HGETALL', KEYS[1])
    local found = {}
    for i = 1, #all, 2 do
      local ends, value = string.match(all[i + 1], '^(%d+) (.*)$')
      if tonumber(ends) > now then
        found[#found + 1] = all[i]
        found[#found + 1] = value
      else
        redis.call('HDEL', KEYS[1], all[i])
      end
    end
    return found`,
} as const
