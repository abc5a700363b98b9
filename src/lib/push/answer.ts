/** What a server says of an answer that is no success: its message, or what the status means. */
export function messageOf(status: number, text: string): string {
  const { message } = errorIn(text)
  if (message) return message
  // A page of a proxy, say, is nothing to read on a terminal.
  const isSentence = text.trim() !== '' && text.length <= 300 && !/^\s*[<{[]/.test(text)
  return isSentence ? text.trim() : (meanings[status] ?? `the server answers ${status}`)
}

/** The code of an error of Loggia's, and its message. */
export function errorIn(text: string): { code?: string; message?: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } }
    return error ?? {}
  } catch {
    return {}
  }
}

const meanings: Record<number, string> = {
  401: 'the server does not know who asks',
  403: 'the server does not allow it',
  404: 'there is no Loggia at this address',
  429: 'the server asks to wait',
  502: 'the server behind the address does not answer',
  503: 'the server is not available now',
  504: 'the server behind the address does not answer in time'
}

/** Why a request got no answer: the code of the network's error, if there is one. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string }
  return cause?.code ?? cause?.message ?? message ?? String(error)
}
