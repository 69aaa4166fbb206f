// A table of ten columns of all common types, as CSV and as NDJSON, from a seeded generator: the same seed gives the same bytes.
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { generator } from "./random.mjs";

const SEED = 5_000_010;
const CITIES = ["Chicago", "New York", "São Paulo", "Zürich", "Washington, D.C.", "Kraków", "Oslo", "Lagos", "Osaka"];
const WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"];
const CHUNK = 20_000;

/** Makes (once) `wide-<rows>.<format>` and returns its path. */
export async function wideData(rows, format, folder) {
  const target = `${folder}/wide-${rows}.${format}`;
  if (existsSync(target)) return target;
  mkdirSync(folder, { recursive: true });
  const out = createWriteStream(`${target}.part`);
  if (format === "csv") out.write("id,day,at,city,name,count,amount,price,active,code\n");
  const random = generator(SEED);
  for (let from = 0; from < rows; from += CHUNK) {
    let text = "";
    for (let id = from; id < Math.min(from + CHUNK, rows); id += 1) text += lineOf(rowOf(id, random), format);
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  renameSync(`${target}.part`, target);
  return target;
}

function rowOf(id, random) {
  const seconds = 1_577_836_800 + Math.floor(random() * 94_608_000);
  const at = new Date(seconds * 1000).toISOString();
  const pick = (list) => list[Math.floor(random() * list.length)];
  return {
    id,
    day: at.slice(0, 10),
    at: at.slice(0, 19),
    city: pick(CITIES),
    name: `${pick(WORDS)} ${pick(WORDS)} ${Math.floor(random() * 100_000)}`,
    count: random() < 0.05 ? null : Math.floor(random() * 1000),
    amount: Math.floor(random() * 10_000_000) / 100,
    price: random() < 0.02 ? null : random() * 100,
    active: random() < 0.5,
    code: Math.floor(random() * 2 ** 32).toString(16),
  };
}

function lineOf(row, format) {
  if (format === "ndjson") return `${JSON.stringify(row)}\n`;
  const fields = Object.values(row).map((value) => {
    if (value === null) return "";
    return typeof value === "string" && value.includes(",") ? `"${value}"` : String(value);
  });
  return `${fields.join(",")}\n`;
}
