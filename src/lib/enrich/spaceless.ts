/** Where a browser puts its spaces: what stands around each, and what stands there with it. */
const seams: readonly (readonly [around: RegExp, spaced: string])[] = [
  [/(?=\()/g, ' '],
  [/([;)])(?=.)/g, '$1 '],
  [/(\/[\d.]+)(?=[A-Z][A-Za-z]+\/)/g, '$1 '],
  [/(Mobile\/\d+[A-Z]\d+)/g, '$1 '],
  [/(Windows)(NT)/g, '$1 $2 '],
  [/(Mac)(OS)(X)/g, '$1 $2 $3 '],
  [/(CPU)(iPhone)?(OS)/g, '$1 $2 $3 '],
  [/(Intel|Linux|CrOS)(?=[A-Zx])/g, '$1 '],
  [/(like)/g, ' $1 '],
  [/(Android|Instagram)(?=\d)/g, '$1 '],
  [/(Build\/)/g, ' $1'],
  [/(Mobile)(?=Safari)/g, '$1 '],
  [/(Ecosia)(?=[a-z]+@)/g, '$1 ']
]

/**
 * Returns an agent as its browser wrote it where something on the way took out the spaces:
 * `Mozilla/5.0(WindowsNT10.0;Win64;x64)AppleWebKit/537.36(KHTML,likeGecko)…`. Returns any other as it is.
 */
export function withSpaces(agent: string): string {
  if (!agent.startsWith('(', 11) || agent.includes(' ')) return agent
  return seams.reduce((text, [around, spaced]) => text.replace(around, spaced), agent).replace(/ {2,}/g, ' ')
}
