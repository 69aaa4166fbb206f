import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sluice } from "../../test/cli/sluice.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
let folder: string;

beforeAll(() => {
  // A copy, so that a run leaves nothing in the repository.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-toll-")));
  for (const name of ["sluice.config.ts", "data", "pipelines", "schemas"]) {
    cpSync(join(here, name), join(folder, name), { recursive: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The members of the archive by plain means: blocks of 512 bytes, a name and a length in each head. */
function members(): ReadonlyMap<string, string> {
  const tar = gunzipSync(readFileSync(join(here, "data/tolldata.tgz")));
  const found = new Map<string, string>();
  for (let at = 0; (tar[at] ?? 0) !== 0; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const length = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    found.set(name, tar.toString("latin1", at + 512, at + 512 + length));
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return found;
}

const linesOf = (text: string | undefined): readonly string[] =>
  (text ?? "").split(/\r?\n/).filter((line) => line !== "");

/** What the course makes with `cut`, `tr` and `paste`. */
function expected(): string {
  const files = members();
  const vehicles = linesOf(files.get("vehicle-data.csv")).map((line) => line.split(","));
  const plazas = linesOf(files.get("tollplaza-data.tsv")).map((line) => line.split("\t"));
  const payments = linesOf(files.get("payment-data.txt"));
  const lines = vehicles.map((vehicle, index) => {
    const [rowId, timestamp, number, type, axles] = vehicle;
    const [, , , , , plazaId, plazaCode] = plazas[index] ?? [];
    const payment = payments[index] ?? "";
    const fields = [rowId, timestamp, number, type?.toUpperCase(), axles, plazaId, plazaCode];
    return [...fields, payment.slice(58, 61), payment.slice(62, 67)].join(",");
  });
  return `${lines.join("\n")}\n`;
}

describe("the toll example", () => {
  it("makes the file of the course from the members of the archive", () => {
    const { status, error } = sluice(folder, ["run", "toll", "--frozen"]);
    expect(error).toBe("");
    expect(status).toBe(0);
    const made = readFileSync(join(folder, "out/transformed_data.csv"), "latin1");
    expect(made.split("\n").slice(0, 2)).toEqual([
      "1,Thu Aug 19 21:54:38 2021,125094,CAR,2,4856,PC7C042B7,PTE,VC965",
      "2,Sat Jul 31 04:09:44 2021,174434,CAR,2,4154,PC2C2EF9E,PTP,VC965",
    ]);
    expect(made).toBe(expected());
    expect(made.split("\n")).toHaveLength(10_001);
  });

  it("has equal definitions in both forms", () => {
    const definition = (file: string): unknown =>
      (JSON.parse(sluice(folder, ["plan", file, "--json"]).out) as { readonly definition: unknown }).definition;
    expect(definition("pipelines/toll.yaml")).toEqual(definition("pipelines/toll.ts"));
  });

  it("has frozen schemas that are what sync finds", () => {
    const { status, out } = sluice(folder, ["sync"]);
    expect(status, out).toBe(0);
    for (const name of ["vehicles", "plazas", "payments"]) expect(out).toContain(`${name}: unchanged`);
  });
});
