import { fireEvent } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'
import { bindPinch } from './pinch.ts'

const at = (...places: number[]) => places.map((clientX) => ({ clientX, clientY: 0 }))

function start() {
  const element = document.createElement('div')
  const resize = vi.fn<(size: number) => void>()
  onTestFinished(bindPinch(element, () => 10, resize))
  return { element, resize }
}

it('makes the text larger and smaller by as much as the fingers move', () => {
  const { element, resize } = start()
  fireEvent.touchStart(element, { touches: at(0, 100) })
  // Not the browser's, which would make the page larger.
  expect(fireEvent.touchMove(element, { touches: at(0, 200) })).toBe(false)
  fireEvent.touchMove(element, { touches: at(20, 100) })
  expect(resize.mock.calls).toEqual([[20], [8]])
})

it('leaves one finger and three fingers alone', () => {
  const { element, resize } = start()
  fireEvent.touchStart(element, { touches: at(0) })
  expect(fireEvent.touchMove(element, { touches: at(50) })).toBe(true)
  fireEvent.touchStart(element, { touches: at(0, 50, 100) })
  fireEvent.touchMove(element, { touches: at(0, 60, 200) })
  fireEvent.touchStart(element, { touches: at(0, 100) })
  fireEvent.touchEnd(element, { touches: at(0) })
  fireEvent.touchMove(element, { touches: at(0, 200) })
  expect(resize).not.toHaveBeenCalled()
})
