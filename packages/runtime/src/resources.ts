/** What an attempt has opened: disposed in reverse order, all of it, also where one of them fails. */
export class Resources implements AsyncDisposable {
  private readonly opened: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(resource: T): T {
    this.opened.push(resource);
    return resource;
  }

  defer(action: () => Promise<void>): void {
    this.opened.push({ [Symbol.asyncDispose]: action });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let resource = this.opened.pop(); resource !== undefined; resource = this.opened.pop()) {
      try {
        await resource[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, "several resources failed to close");
  }
}
