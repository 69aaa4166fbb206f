import { didYouMean, SluiceError } from "@sluice/core";
import { tokensOf } from "./parse/tokens.ts";

/**
 * Raw SQL with its parameters as terms of the query around it.
 *
 * @param termOf the term for a parameter's name, or undefined where none has it
 * @throws SluiceError `config` for a parameter that is not declared
 */
export function bindRaw(text: string, termOf: (name: string) => string | undefined, known: readonly string[]): string {
  if (!/[$?]/.test(text)) return text;
  let bound = "";
  let end = 0;
  for (const token of tokensOf(text)) {
    if (token.kind !== "parameter") continue;
    const name = token.text.replace(/^\$"?|"$/g, "");
    const term = termOf(name);
    if (term === undefined) throw notDeclared(token.text, name, known);
    bound += text.slice(end, token.start) + term;
    end = token.end;
  }
  return bound + text.slice(end);
}

function notDeclared(written: string, name: string, known: readonly string[]): SluiceError {
  if (written === "?" || /^\d+$/.test(name)) {
    return new SluiceError("config", `raw SQL has the parameter ${written}, which has no name`, {
      offending: written,
      hint: "parameters are written $name",
    });
  }
  return new SluiceError("config", `raw SQL uses the parameter "${name}", which is not declared`, {
    offending: written,
    hint: didYouMean(name, known, "parameters"),
  });
}
