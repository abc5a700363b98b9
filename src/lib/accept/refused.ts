/** Why a record becomes no hit. Thrown, but no Error: a stack for each of many bad lines costs more than the line. */
export class Refused {
  readonly reason: Reason
  readonly message: string

  constructor(reason: Reason, message: string) {
    this.reason = reason
    this.message = message
  }
}

export type Reason =
  | 'json'
  | 'line'
  | 'line_too_long'
  | 'truncated_line'
  | 'truncated_list'
  | 'msgpack'
  | 'not_a_record'
  | 'shape'
  | 'service'
  | 'too_deep'
  | 'internal'
