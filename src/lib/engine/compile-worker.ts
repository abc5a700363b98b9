// Stays, as what the browser compiles anew of what is busy is kept while somebody holds the module.
let engine: WebAssembly.Module | undefined

addEventListener('message', async ({ data: url }: MessageEvent<string>) => {
  engine ??= await WebAssembly.compileStreaming(fetch(url))
})
