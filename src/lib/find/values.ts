import { readAddress } from '#lib/accept/address.ts'
import { typeOf, type Dimension } from '#lib/filter/dimension.ts'
import { operatorsOf } from '#lib/filter/asked.ts'
import { operators, type Operator } from '#lib/filter/filter.ts'
import { nameOf } from '#lib/filter/labels.ts'
import { isMember } from '#lib/filter/member.ts'
import { readNetwork } from '#lib/filter/network.ts'
import type { SqlType } from '#lib/schema/hit.ts'

const whole = (least: bigint, most: bigint) => (text: string) =>
  /^[+-]?\d{1,30}$/.test(text) &&
  BigInt(text.replace('+', '')) >= least &&
  BigInt(text.replace('+', '')) <= most

/** Whether a column can hold what a text says. */
const holds: Record<SqlType, (text: string) => boolean> = {
  SMALLINT: whole(-(2n ** 15n), 2n ** 15n - 1n),
  UINTEGER: whole(0n, 2n ** 32n - 1n),
  BIGINT: whole(-(2n ** 63n), 2n ** 63n - 1n),
  UBIGINT: whole(0n, 2n ** 64n - 1n),
  DOUBLE: (text) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)),
  BOOLEAN: (text) => /^(?:true|false)$/i.test(text),
  TIMESTAMP: (text) => /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$/.test(text),
  VARCHAR: () => true
}

const expected: Record<SqlType, string> = {
  SMALLINT: 'a whole number',
  UINTEGER: 'a whole number',
  BIGINT: 'a whole number',
  UBIGINT: 'a whole number',
  DOUBLE: 'a number',
  BOOLEAN: 'true or false',
  TIMESTAMP: 'a date or a time like 2026-11-21 20:39',
  VARCHAR: 'a text'
}

const longest = 512

/** Why a field can't be asked by an operator, or null. */
export function whyNotAsked(field: Dimension, operator: Operator): string | null {
  if (operatorsOf(field).includes(operator)) return null
  const isText = 'textual' in operators[operator]
  if (isText && field !== 'line' && typeOf(field) !== 'BOOLEAN') return null
  if (operators[operator].takes === 'number')
    return `${nameOf(field)} isn’t a number, so it can’t be compared.`
  if (operators[operator].takes === 'network') return `Only addresses are in networks. Use ip:…`
  return `${nameOf(field)} can’t be asked like this.`
}

/** Why an operator can't take a value for a field, or null. */
export function whyNotTaken(field: Dimension, operator: Operator, value: string): string | null {
  const { takes } = operators[operator]
  if (value.length > longest) return `A value has at most ${longest} characters.`
  if (takes === 'network') return readNetwork(value) ? null : `“${value}” is not a network.`
  if (takes === 'text' || takes === 'pattern') return null
  // A time of the log is UTC, and the page shows another zone's: the period says which is meant.
  if (field === 'time') return 'Choose times by the period, or drag over the chart.'
  // Some logs have names of hosts in its place.
  if (field === 'ip' && /^[\d.]+$|:/.test(value) && !readAddress(value))
    return `“${value}” is not an address. Search for a part of one: ip~${value}`
  const type = takes === 'number' && isMember(field) ? 'DOUBLE' : typeOf(field)
  return holds[type](value) ? null : `${nameOf(field)} is ${expected[type]}, not “${value}”.`
}

/** A value as it is stored: addresses have one spelling. */
export const storedValue = (field: Dimension, value: string): string =>
  field === 'ip' ? (readAddress(value) ?? value) : value
