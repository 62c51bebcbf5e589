import { describe, expect, it } from 'vitest'
import { noPreferences, Preferences } from '../../../shared/preferences.ts'
import { type ListView, wholeList } from '../model/view.ts'
import { namedLike, newViewId, type SavedView, searchToSave, shownOf, viewOfSaved } from './saved-view.ts'

const stopped: ListView = {
  only: 'favourites',
  query: 'web',
  facets: { status: ['stopped'], tag: ['env=prod', 'a,b'] },
  sort: [{ column: 'zone', descending: true }],
  columns: ['status', 'zone'],
}
const saved = (view: ListView, listColumns: string[] | null = null): SavedView => ({
  id: 'v',
  name: 'Stopped',
  search: searchToSave(view, listColumns),
})

it('gives back the view that was saved, and nothing else is kept', () => {
  expect(viewOfSaved(saved(stopped))).toEqual(stopped)
  expect(viewOfSaved(saved(wholeList))).toEqual(wholeList)
  expect(saved(wholeList).search).toEqual({})
  const views = [saved(stopped), saved(wholeList)]
  expect(Preferences.parse({ ...noPreferences, views }).views).toEqual(views)
})

it('keeps the columns that this browser shows, so that another one shows them, too', () => {
  expect(viewOfSaved(saved(wholeList, ['zone'])).columns).toEqual(['zone'])
  expect(viewOfSaved(saved(stopped, ['zone'])).columns).toEqual(['status', 'zone'])
})

it('passes over what only a newer page knows', () => {
  expect(viewOfSaved({ id: 'v', name: 'new', search: { only: 'mine', shape: 'cards', q: 'a' } })).toEqual({
    ...wholeList,
    query: 'a',
  })
})

describe('the view that is shown', () => {
  it('is the one that has the same search, filters, order and columns', () => {
    const views = [saved(stopped)]
    expect(shownOf(views, stopped, null)?.name).toBe('Stopped')
    expect(shownOf(views, { ...stopped, query: 'db' }, null)).toBeUndefined()
    expect(shownOf(views, { ...stopped, columns: null }, null)).toBeUndefined()
    expect(shownOf(views, wholeList, null)).toBeUndefined()
  })

  it('does not depend on where its columns come from', () => {
    const usual = [saved({ ...stopped, columns: null })]
    expect(shownOf(usual, { ...stopped, columns: null }, ['os'])?.name).toBe('Stopped')
    expect(
      shownOf([saved({ ...stopped, columns: null }, ['os'])], { ...stopped, columns: null }, ['os']),
    ).toBeDefined()
  })
})

it('finds a view by its name, however it is written', () => {
  const views = [saved(stopped)]
  expect(namedLike(views, ' sTOPPED ')).toBe(views[0])
  expect(namedLike(views, 'stop')).toBeUndefined()
})

it('names views that are made at once differently', () => {
  expect(new Set(Array.from({ length: 50 }, newViewId)).size).toBe(50)
})
