// Small things that several steps share.
import { execFileSync } from 'node:child_process';

// clean makes runs of white space one space.
export const clean = s => s.replace(/\s+/g, ' ').trim();

export const unique = list => [...new Set(list)];

export const wordCount = s => s.split(' ').length;

// chance returns random numbers in [0, 1) that are the same in each run.
export function chance(seed) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
  };
}

// shuffle puts list into a random order, in place, and returns it.
export function shuffle(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

// sentences yields the sentences of a Markdown text, of 3 to 24 words, without
// code, front matter, tables and what else is not running text.
export function* sentences(markdown) {
  const plain = markdown
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/^---[\s\S]*?\n---/, '')
    .replace(/\{\{[\s\S]*?\}\}/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*_#>|]+/g, ' ')
    .replace(/<[^>]+>|\{[^}]*\}|https?:\/\/\S+/g, ' ');
  for (const line of plain.split('\n')) {
    for (const part of line.replace(/^[\s\-*0-9.]+/, '').split(/(?<=[.!?])\s+/)) {
      const s = clean(part), n = wordCount(s);
      const running = /[a-z]{3}/.test(s) && !/[=;\\{}]|::|^\w+:/.test(s);
      if (n >= 3 && n <= 24 && running) yield s;
    }
  }
}

// files yields path and text of each file whose path matches, as the checked-out
// commit has it and in git's order, which is the same everywhere.
export function* files(repository, pattern) {
  const git = (args, input) => execFileSync('git', ['-C', repository, ...args], { input, maxBuffer: 1 << 30 });
  const blobs = git(['ls-tree', '-r', '-z', 'HEAD']).toString().split('\0').filter(Boolean)
    .map(entry => {
      const [about, name] = entry.split('\t');
      return { id: about.split(' ')[2], name };
    })
    .filter(blob => pattern.test(blob.name));
  if (!blobs.length) throw new Error(`${repository}: no file matches ${pattern}; is it at the commit that run.sh names?`);

  // The answer to each id is a line "id type size", the bytes, and a newline.
  const out = git(['cat-file', '--batch'], blobs.map(blob => blob.id).join('\n') + '\n');
  let at = 0;
  for (const { name } of blobs) {
    const end = out.indexOf('\n', at);
    const [, type, size] = out.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue; // a submodule: its commit is not here
    yield [name, out.toString('utf8', at, at + Number(size))];
    at += Number(size) + 1;
  }
}
