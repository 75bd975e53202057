export type Demo = {
  readonly organization: { readonly slug: string; readonly name: string }
  readonly users: readonly { readonly userName: string; readonly about: string }[]
}
export async function connectDemo(_: {
  localUrl: string
  publicUrl: string
  simulatorUrl: string
  adminKey: string
}): Promise<Demo> {
  return {
    organization: { slug: 'contoso', name: 'Contoso' },
    users: [{ userName: 'x', about: 'y' }],
  }
}
