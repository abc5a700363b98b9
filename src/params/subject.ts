/** What a page of a visitor can be about: `Subject` in `panels/visitor/subject.ts`. */
export const match = (kind: string) => /^(?:visitor|address|range|network)$/.test(kind)
