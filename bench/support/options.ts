import { parseArgs } from 'node:util';

export type Options = Readonly<{
  quick: boolean;
  json: boolean;
  help: boolean;
  /** Run the server from the sources of this clone instead of a compiled copy. */
  fromSource: boolean;
  /** Names of scenarios; empty for all. */
  only: readonly string[];
}>;

/** @throws TypeError for an unknown option */
export const readOptions = (argv: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      'from-source': { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const { quick, json, help, only } = values;
  return { quick, json, help, fromSource: values['from-source'], only };
};
