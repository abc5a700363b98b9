interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void
}

const cacheName = 'shared-v1'

/** False in Firefox and Safari: the system can't open files with the installed app. */
export const canLaunch = 'launchQueue' in window

/** Files that the system opened with the installed app. */
export function launched(take: (files: File[]) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue }
  launchQueue?.setConsumer(({ files = [] }) => {
    void Promise.all(files.map((handle) => handle.getFile())).then(take)
  })
}

/** Files that another app shared: the service worker has put them down for this page. */
export async function shared(): Promise<File[]> {
  const cache = await caches.open(cacheName)
  const files = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const kept = await cache.match(request)
      const name = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '')
      return new File([(await kept?.blob()) ?? ''], name)
    })
  )
  await caches.delete(cacheName)
  return files
}
