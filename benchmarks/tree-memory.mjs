// The resident memory of a process and all that it started, in MB; undefined where there is no /proc.
import { existsSync, readdirSync, readFileSync } from "node:fs";

export function treeMemoryMb(root) {
  if (!existsSync("/proc/self/stat")) return undefined;
  const children = new Map();
  const memory = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
      memory.set(Number(name), Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const sum = (pid) => (memory.get(pid) ?? 0) + (children.get(pid) ?? []).reduce((total, one) => total + sum(one), 0);
  return sum(root);
}
