/**
 * Imports a module by its address. The bundle gives this file another text: what imports has to be a module, and most of it
 * is one script.
 */
export async function importFile(address: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(address)) as Readonly<Record<string, unknown>>;
}
