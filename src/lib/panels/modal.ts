/** Shows a `<dialog>` above the page; a press beside it closes it, and the focus goes back to where it was. */
export const modal = (node: HTMLDialogElement) => {
  const before = document.activeElement
  node.showModal()
  const press = ({ target, clientX, clientY }: PointerEvent) => {
    const { left, right, top, bottom } = node.getBoundingClientRect()
    const isWithin = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
    if (target === node && !isWithin) node.close()
  }
  node.addEventListener('pointerdown', press)
  return () => {
    node.removeEventListener('pointerdown', press)
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  }
}
