import Database from 'libsql'
import { z } from 'zod'

/** A block is what one row of the index covers: a line's bytes from `number * BLOCK_BYTES` on. */
export const BLOCK_BYTES = 16 * 1024
/** A row also covers the beginning of the next block, so that a short text is whole in one row. */
export const OVERLAP_BYTES = 256
const TRIGRAM = 3
/** A row's id holds the line's number and the block's. Together they stay exact in a JavaScript number. */
const MOST_BLOCKS = 2 ** 32
/** Another version is made anew. */
const VERSION = 1

interface IndexedLine {
  id: number
  /** Its first and its next block */
  first: number
  next: number
}

/**
 * Knows which blocks of the lines' logs may hold a text, by the groups of three characters in it (SQLite's FTS5). It
 * keeps neither text nor places: a quarter to a half of what it covers. The logs stay the truth, and it can be made anew.
 *
 * Its calls block, so it lives in a worker. Readers in other threads see what was committed.
 */
export class TrigramIndex {
  readonly #db: Database.Database
  readonly #find: Database.Statement<unknown[]>
  readonly #linesByName = new Map<string, IndexedLine>()

  private constructor(db: Database.Database) {
    this.#db = db
    this.#find = db.prepare(
      'SELECT rowid AS id FROM block WHERE block MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?',
    )
  }

  /** Opens it for writing. One that cannot be read, or is of another version, is emptied. */
  static open(path: string): TrigramIndex {
    const db = new Database(path)
    db.exec('PRAGMA journal_mode=WAL')
    // A killed process leaves it whole. A machine that loses its power may lose the newest rows, which are made again.
    db.exec('PRAGMA synchronous=NORMAL')
    if (versionOf(db) !== VERSION) {
      db.exec('DROP TABLE IF EXISTS block')
      db.exec('DROP TABLE IF EXISTS line')
      db.exec(
        "CREATE VIRTUAL TABLE block USING fts5(text, content='', columnsize=0, detail='none', tokenize='trigram')",
      )
      db.exec(
        'CREATE TABLE line(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL, next INTEGER NOT NULL)',
      )
      db.exec(`PRAGMA user_version=${VERSION}`)
    }
    const index = new TrigramIndex(db)
    index.#readLines()
    return index
  }

  /** Opens it for reading only. @throws Error if there is none */
  static read(path: string): TrigramIndex {
    const db = new Database(path, { readonly: true })
    return new TrigramIndex(db)
  }

  /** What it covers, by the line's name. */
  get lines(): ReadonlyMap<string, Readonly<IndexedLine>> {
    return this.#linesByName
  }

  /**
   * Adds a line's next blocks. A first block after a hole is allowed: what lies between was never kept.
   * @param texts one for each block, with its overlap; bytes as characters from 0 to 255
   */
  add(name: string, first: number, texts: readonly string[]): void {
    const known = this.#linesByName.get(name)
    if (known && first < known.next) throw new RangeError(`Block ${first} of a line is in the index already.`)
    const next = first + texts.length
    this.#db.exec('BEGIN')
    try {
      const line = known ?? this.#newLine(name, first)
      const insert = this.#db.prepare('INSERT INTO block(rowid, text) VALUES (?, ?)')
      // SQLite's text ends at a NUL.
      texts.forEach((text, at) => void insert.run(idOf(line.id, first + at), text.replaceAll('\0', ' ')))
      this.#db.prepare('UPDATE line SET next = ? WHERE id = ?').run(next, line.id)
      this.#db.exec('COMMIT')
      this.#linesByName.set(name, { ...line, next })
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /**
   * The blocks that may hold all of these texts, newest first. Only a look into a block tells whether it does.
   * @param texts bytes as characters; one shorter than 3 says nothing
   * @param range the first block, and the block before which to look
   * @returns null: the texts are too short, so any block may hold them
   */
  find(
    name: string,
    texts: readonly string[],
    range: { from: number; before: number; most: number },
  ): number[] | null {
    const trigrams = new Set(texts.flatMap(trigramsOf))
    if (trigrams.size === 0) return null
    const id = this.covered(name)?.id
    if (id === undefined) return []
    const query = [...trigrams].map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
    const rows = this.#find.all(query, idOf(id, range.from), idOf(id, range.before) - 1, range.most)
    return rows.map((row) => FoundRow.parse(row).id % MOST_BLOCKS)
  }

  /** What it covers of a line now, in blocks. null: nothing */
  covered(name: string): IndexedLine | null {
    const row = this.#db.prepare('SELECT id, name, first, next FROM line WHERE name = ?').get(name)
    return row === undefined ? null : IndexedRow.parse(row)
  }

  close(): void {
    this.#db.close()
  }

  #newLine(name: string, first: number): IndexedLine {
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO line(name, first, next) VALUES (?, ?, ?)')
      .run(name, first, first)
    return { id: Number(lastInsertRowid), first, next: first }
  }

  #readLines(): void {
    for (const row of this.#db.prepare('SELECT id, name, first, next FROM line').all()) {
      const { name, ...line } = IndexedRow.parse(row)
      this.#linesByName.set(name, line)
    }
  }
}

const IndexedRow = z.object({ id: z.number(), name: z.string(), first: z.number(), next: z.number() })
const FoundRow = z.object({ id: z.number() })
const VersionRow = z.object({ user_version: z.number() })

const versionOf = (db: Database.Database) =>
  VersionRow.parse(db.prepare('PRAGMA user_version').get()).user_version

const idOf = (line: number, block: number) => line * MOST_BLOCKS + block

function trigramsOf(text: string): string[] {
  // The index has a blank for a NUL.
  const plain = text.replaceAll('\0', ' ')
  return Array.from({ length: Math.max(0, plain.length - TRIGRAM + 1) }, (_, at) =>
    plain.slice(at, at + TRIGRAM),
  )
}
