import { clickOf, type Click } from '#lib/filter/filter.ts'

const long = 450
const slop = 10

/**
 * What a press on a value means, for `{@attach}`: a click only this, with Ctrl several, with Alt all but this. By
 * touch a long press opens a menu of the three.
 */
export const choosing = (onchoose: (click: Click) => void) => (element: Element) => {
  // Shapes of a drawing are pressed as controls are.
  const node = element as HTMLElement
  const listeners = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let start = { x: 0, y: 0 }
  let wasLong = false

  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    listener: (event: HTMLElementEventMap[Name]) => void
  ) => node.addEventListener(name, listener, { signal: listeners.signal })

  const stop = () => clearTimeout(timer)

  async function open() {
    wasLong = true
    const { openPressMenu } = await import('./press-menu.ts')
    openPressMenu(node, start, onchoose)
  }

  listen('pointerdown', ({ pointerType, clientX: x, clientY: y }) => {
    wasLong = false
    if (pointerType === 'mouse') return
    start = { x, y }
    timer = setTimeout(open, long)
  })
  listen('pointermove', ({ clientX, clientY }) => {
    if (Math.hypot(clientX - start.x, clientY - start.y) > slop) stop()
  })
  listen('pointerup', stop)
  listen('pointercancel', stop)
  // The browser's own menu of a long press.
  listen('contextmenu', (event) => wasLong && event.preventDefault())
  listen('click', (event) => {
    if (wasLong) wasLong = false
    else onchoose(clickOf(event))
  })
  return () => {
    stop()
    listeners.abort()
  }
}
