export const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const stored = () => themes.find((name) => name === localStorage.getItem('theme')) ?? 'system'

class ThemeChoice {
  #current = $state<Theme>(stored())

  get current() {
    return this.#current
  }

  set current(theme: Theme) {
    this.#current = theme
    localStorage.setItem('theme', theme)
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }

  next = () => (this.current = themes[(themes.indexOf(this.current) + 1) % themes.length] ?? 'system')
}

export const theme = new ThemeChoice()
