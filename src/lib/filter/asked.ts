import { isReading, typeOf, type Dimension } from './dimension.ts'
import type { Operator } from './filter.ts'
import { isMember } from './member.ts'

const comparisons: readonly Operator[] = ['gt', 'ge', 'lt', 'le']

/** What may be asked of a column: texts are searched, numbers compared, addresses looked up in networks. */
export function operatorsOf(field: Dimension): Operator[] {
  const type = typeOf(field)
  if (isReading(field)) return ['is', 'not', ...comparisons]
  const textual: Operator[] = ['has', 'hasnt', 're', 'nre']
  if (field === 'line') return textual
  if (field === 'entry_page' || field === 'exit_page') return ['is', 'not', ...textual]
  if (type === 'BOOLEAN') return ['is', 'not']
  if (type !== 'VARCHAR') return ['is', 'not', ...comparisons, 'set', 'unset']
  const networks: Operator[] = field === 'ip' ? ['cidr', 'ncidr'] : []
  const numeric = isMember(field) ? comparisons : []
  return ['is', 'not', 'has', 'hasnt', ...networks, 're', 'nre', ...numeric, 'set', 'unset']
}
