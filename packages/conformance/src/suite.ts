import { describe, expect, it } from "vitest";

/** A case that an adapter does not pass yet; it runs, and must fail: the day it passes, this line has to go. */
export interface Gap {
  readonly status: "notYet";
  readonly reason: string;
}

/** Gaps by the id of their case. */
export interface Gaps {
  readonly [id: string]: Gap;
}

/** Where a suite's cases are declared; ids are stable, for example `sink.commit.idempotent`. */
export type DeclareCase = (id: string, title: string, body: () => Promise<void>) => void;

/**
 * Declares the cases of a port's suite for one adapter.
 *
 * @example
 * describeSuite("sink", "sqlite", {}, (declare) => declare("sink.check", "can be reached", async () => {}));
 * // vitest: sqlite: sink > sink.check: can be reached
 */
export function describeSuite(port: string, name: string, gaps: Gaps, define: (declare: DeclareCase) => void): void {
  describe(`${name}: ${port}`, () => {
    const ids = new Set<string>();
    define((id, title, body) => {
      if (ids.has(id)) throw new Error(`two cases have the id ${id}`);
      ids.add(id);
      const gap = Object.hasOwn(gaps, id) ? gaps[id] : undefined;
      if (gap === undefined) it(`${id}: ${title}`, body);
      else it.fails(`${id}: ${title} (not yet: ${gap.reason})`, body);
    });
    const unknown = Object.keys(gaps).filter((id) => !ids.has(id));
    if (unknown.length > 0) it("every gap is a case of this suite", () => expect(unknown).toEqual([]));
  });
}
