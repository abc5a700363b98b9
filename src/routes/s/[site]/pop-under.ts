/** Shows an element as a popover under what was pressed, within the window; `onclose` when it is dismissed. */
export const popUnder = (anchor: Element | null, onclose: () => void) => (node: HTMLElement) => {
  node.showPopover()
  const box = anchor?.getBoundingClientRect()
  const left = Math.min(box?.left ?? 24, document.documentElement.clientWidth - node.offsetWidth - 14)
  node.style.left = `${Math.max(14, left)}px`
  node.style.top = `${Math.max(14, Math.min((box?.bottom ?? 96) + 6, innerHeight - node.offsetHeight - 14))}px`
  const close = (event: Event) => (event as ToggleEvent).newState === 'closed' && onclose()
  node.addEventListener('toggle', close)
  return () => node.removeEventListener('toggle', close)
}
