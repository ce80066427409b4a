import path from 'node:path';

/** From each folder to the folders that its own files import from; those inside it count as others. */
export type FolderGraph = ReadonlyMap<string, ReadonlySet<string>>;

type Module = Readonly<{ source: string; dependencies: readonly { resolved: string }[] }>;

export const folderGraphOf = (modules: readonly Module[]): FolderGraph => {
  const graph = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const folder = path.posix.dirname(source);
    const imported = graph.get(folder) ?? new Set();
    graph.set(folder, imported);
    for (const { resolved } of dependencies) imported.add(path.posix.dirname(resolved));
    imported.delete(folder);
  }
  return graph;
};

const reachableFrom = (graph: FolderGraph, start: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const next = [...(graph.get(start) ?? [])];
  for (let folder = next.pop(); folder !== undefined; folder = next.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    next.push(...(graph.get(folder) ?? []));
  }
  return found;
};

/** The folders from which a path of imports leads out and back, in order. */
export const foldersInCycles = (graph: FolderGraph): readonly string[] =>
  [...graph.keys()].filter((folder) => reachableFrom(graph, folder).has(folder)).sort();
