/** How many rows a list has, unless there is room for more. */
export const fewRows = 10

/** More have no trend. */
const mostRows = 14

/** How many rows stand beside the map, so that its neighbors are as high as it is. */
class Room {
  rows = $state(fewRows)

  /** For `{@attach}` at what holds the map and its list. */
  measure = (node: HTMLElement) => {
    const watch = new ResizeObserver(() => {
      const list = node.querySelector('ul')
      const row = list?.firstElementChild?.getBoundingClientRect().height
      const heads = list?.previousElementSibling?.getBoundingClientRect().height ?? 0
      if (row)
        this.rows = Math.min(mostRows, Math.max(fewRows, Math.floor((node.clientHeight - heads + 1) / row)))
    })
    watch.observe(node)
    return () => {
      watch.disconnect()
      this.rows = fewRows
    }
  }
}

export const room = new Room()
