/** What is open above the page: the list of keys, the search that jumps anywhere, or the question before signing out. */
export type Overlay = 'sheet' | 'palette' | 'leave'

/** Single-key shortcuts can be switched off, for those whose voice types them (WCAG 2.1.4). */
class Keys {
  #areOn = $state(localStorage.getItem('keys') !== 'off')
  overlay = $state<Overlay | null>(null)

  get areOn() {
    return this.#areOn
  }

  set areOn(on: boolean) {
    this.#areOn = on
    localStorage.setItem('keys', on ? 'on' : 'off')
  }

  /** Whether a key is meant for the page, and not for what has the focus or lies above it. */
  isForPage({
    target,
    defaultPrevented,
    ctrlKey,
    metaKey,
    altKey,
    isComposing,
    key
  }: KeyboardEvent): boolean {
    if (defaultPrevented || isComposing || ctrlKey || metaKey || altKey) return false
    if (this.overlay || document.querySelector(':popover-open, dialog[open]')) return false
    if (!(target instanceof Element)) return true
    if (target.closest('input, textarea, select, [contenteditable]')) return false
    return !(key.startsWith('Arrow') && target.closest('[role=slider], [role=tablist], [role=listbox]'))
  }
}

export const keys = new Keys()
