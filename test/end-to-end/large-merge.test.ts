import { join } from "node:path";
import { expect, it } from "vitest";
import { testProject } from "../cli/sluice.ts";
import { query } from "./reading.ts";

/** More than one row group, so that threads share the file. */
const STORED = 130_000;

it.each([
  ["of the same types", "bigint", []],
  ["of wider types", "int", ["--evolve", "widen"]],
] as const)(
  "merges some of the last rows and some new ones, %s, into a table of the lake",
  async (_, type, options) => {
    using project = testProject();
    const at = (name: string): string => join(project.root, name);
    await query(
      `copy (select i::${type} as id, 'old' as word from range(${STORED}) t(i)) to '${at("stored.parquet")}'`,
    );
    const arriving = `select i::bigint as id, 'new' as word from range(${STORED - 1000}, ${STORED + 1000}) t(i)`;
    await query(`copy (${arriving}) to '${at("arriving.parquet")}'`);
    expect(project.run(["copy", "stored.parquet", "lake:lake#n.t"])).toMatchObject({ status: 0 });
    const merge = ["copy", "arriving.parquet", "lake:lake#n.t", "--mode", "merge", "--key", "id", ...options];
    for (const counts of ["1000 inserted, 1000 updated, 0 unchanged", "0 inserted, 0 updated, 2000 unchanged"]) {
      expect(project.run(merge)).toMatchObject({ error: "", out: expect.stringContaining(counts) });
    }
    const counted = "select word, count(*) as n from 'lake:lake#n.t' group by all order by word";
    const { out } = project.run(["query", counted, "--format", "csv"]);
    expect(out).toBe(`word,n\nnew,2000\nold,${STORED - 1000}\n`);
  },
);
