import type { Click } from '#lib/filter/filter.ts'
import { mount, unmount } from 'svelte'
import PressMenu from './PressMenu.svelte'

/** What a value is called: the first line of its title. */
const nameOf = (node: Element) =>
  (node.getAttribute('title') ?? node.querySelector('title')?.textContent ?? '').split('\n')[0] ?? ''

/** Opens the menu of a value where it was pressed; above a dialog it has to be within it. */
export function openPressMenu(
  node: HTMLElement,
  at: { x: number; y: number },
  onchoose: (click: Click) => void
) {
  const menu: Record<string, unknown> = mount(PressMenu, {
    target: node.closest('dialog') ?? document.body,
    props: { ...at, name: nameOf(node), onchoose, onclose }
  })

  function onclose() {
    void unmount(menu)
    if (node.isConnected) node.focus({ preventScroll: true })
  }
}
