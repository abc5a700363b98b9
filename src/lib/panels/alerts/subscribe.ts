/** Whether this browser can be notified while no page is open. */
export const canSubscribe = (): boolean => 'PushManager' in window && 'serviceWorker' in navigator

/** Subscribes this browser to pushes of the server with this key. Throws an error that says what the user can do. */
export async function subscribe(key: string): Promise<PushSubscriptionJSON> {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error('This browser does not allow notifications of this page: its settings say so.')
  const { pushManager } = await navigator.serviceWorker.ready
  try {
    const options = { userVisibleOnly: true, applicationServerKey: key }
    return (await pushManager.subscribe(options)).toJSON()
  } catch (cause) {
    throw new Error(`This browser could not subscribe: ${(cause as Error).message}`, { cause })
  }
}
