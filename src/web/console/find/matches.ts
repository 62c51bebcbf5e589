/** A place in a row's text */
export interface Spot {
  row: number
  from: number
}

/** A match, which may go over several rows of a long line. */
export interface Match extends Spot {
  toRow: number
  /** The place after its last character, in `toRow` */
  to: number
}

/** The matches of all rows, from the top down: those in rows that change no more, and those in rows that may. */
export class Matches {
  readonly settled: Match[] = []
  tail: Match[] = []

  get count(): number {
    return this.settled.length + this.tail.length
  }

  at(index: number): Match | undefined {
    return this.settled[index] ?? this.tail[index - this.settled.length]
  }

  /** @returns the index of the first match that begins here or later */
  firstFrom(spot: Spot): number {
    const index = atOrAfter(this.settled, spot)
    return index < this.settled.length ? index : index + atOrAfter(this.tail, spot)
  }

  /** @returns the index of the match that begins right here; null: none does */
  indexOf(spot: Spot): number | null {
    const index = this.firstFrom(spot)
    const match = this.at(index)
    return match && isAt(match, spot) ? index : null
  }

  /** @param longest as many rows as a match may have */
  between(firstRow: number, lastRow: number, longest: number): Match[] {
    const found: Match[] = []
    for (let index = this.firstFrom({ row: firstRow - longest, from: 0 }); ; index++) {
      const match = this.at(index)
      if (!match || match.row > lastRow) return found
      if (match.toRow >= firstRow) found.push(match)
    }
  }

  /** @returns for each part of these rows, whether it has a match */
  overview(first: number, end: number, parts: number): boolean[] {
    const has = new Array<boolean>(parts).fill(false)
    const scale = parts / Math.max(1, end - first)
    for (const matches of [this.settled, this.tail]) {
      for (const { row } of matches) has[Math.min(parts - 1, Math.floor((row - first) * scale))] = true
    }
    return has
  }

  /** Forgets the settled matches that are not in these rows. */
  keep(first: number, end: number): void {
    let gone = 0
    while ((this.settled[gone]?.row ?? first) < first) gone += 1
    if (gone > 0) this.settled.splice(0, gone)
    while ((this.settled.at(-1)?.row ?? -1) >= end) this.settled.pop()
  }

  clear(): void {
    this.settled.length = 0
    this.tail = []
  }
}

export const isAt = (match: Spot, spot: Spot | null) => match.row === spot?.row && match.from === spot.from

function atOrAfter(matches: readonly Match[], { row, from }: Spot): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const match = matches[middle]
    if (match && (match.row < row || (match.row === row && match.from < from))) low = middle + 1
    else high = middle
  }
  return low
}
