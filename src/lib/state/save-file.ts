/** Hands a text or other content to the browser as a download. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  // The browser reads it in its own time.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
