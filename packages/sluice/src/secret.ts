import { SluiceError } from "@sluice/core";

/** A value that is not written down: its name stands in the configuration, its text is found when a connection opens. */
export class Secret {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }

  /** Text made with a secret would hold "[object Object]" in its place, or what must not be written down. */
  [Symbol.toPrimitive](): never {
    throw new SluiceError("config", "a secret is legal only in a connection of the configuration", {
      offending: this.name,
      hint: "put it into a connection, as the whole value of a member",
    });
  }

  toString(): never {
    return this[Symbol.toPrimitive]();
  }

  valueOf(): never {
    return this[Symbol.toPrimitive]();
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]();
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
