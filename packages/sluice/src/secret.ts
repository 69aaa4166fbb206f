/** A value that is not written down: its name stands in the configuration, its text is found when a connection opens. */
export class Secret {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }

  toJSON(): string {
    return `secret(${this.name})`;
  }
}

/**
 * Names a secret: an environment variable, else an entry of the project's `.env`. Legal in connections only.
 *
 * @example
 * connections: { warehouse: { type: "postgres", url: secret("WAREHOUSE_URL") } }
 */
export function secret(name: string): Secret {
  return new Secret(name);
}
