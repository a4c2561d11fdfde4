// The readers of the sources, one for each form. None of them draws at random.
import fs from 'node:fs';
import path from 'node:path';
import { clean, files, sentences, unique, wordCount } from './text.mjs';

// intents returns HWU64's questions with their intents, as a map from the
// question in lower case to [intent, question]. The test sets of all folds are
// together the whole set.
export function intents(repository) {
  const found = new Map();
  for (const [name, text] of files(repository, /KFold_\d+\/testset\/annotated\/.*\.json$/)) {
    const intent = name.match(/annotated\/([^/]+)\//)[1];
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      console.error('left out, not JSON:', name);
      continue;
    }
    for (const value of questions(data)) {
      const question = clean(value.replace(/\[\s*\w+\s*:\s*([^\]]*)\]/g, '$1')); // entities are marked [kind : words]
      const key = question.toLowerCase();
      if (wordCount(question) >= 2 && !found.has(key)) found.set(key, [intent, question]);
    }
  }
  return found;
}

// questions yields the strings of the fields that hold them, at any depth.
function* questions(data) {
  if (Array.isArray(data)) {
    for (const item of data) yield* questions(item);
  } else if (data && typeof data === 'object') {
    for (const [name, value] of Object.entries(data)) {
      if (typeof value !== 'string') yield* questions(value);
      else if (/^(sentence|text|utterance|query|answer)$/.test(name)) yield value;
    }
  }
}

// collected returns what people wrote for HWU64 before it was annotated: of
// each row the longest field that reads as a sentence.
export function collected(repository) {
  const found = [];
  for (const [, text] of files(repository, /paraphrases_and_intents_26k_normalised_all\.csv$/)) {
    for (const row of text.split('\n').slice(1)) {
      const fields = row.split(';').map(field => field.replace(/^"|"$/g, ''))
        .filter(field => wordCount(field) >= 3 && /^[a-zA-Z0-9 ,.'?!]+$/.test(field))
        .sort((a, b) => b.length - a.length);
      if (fields.length) found.push(clean(fields[0]));
    }
  }
  return unique(found);
}

// prose returns the sentences of a repository's Markdown files.
export function prose(repository, pattern) {
  const found = [];
  for (const [, text] of files(repository, pattern)) found.push(...sentences(text));
  return unique(found);
}

// tldr returns what commands do and what their examples are for.
export function tldr(repository) {
  const found = [];
  for (const [, text] of files(repository, /^pages\/(common|linux|osx)\/.*\.md$/)) {
    for (const line of text.split('\n')) {
      if (/^- .*:$/.test(line)) found.push(line.slice(2, -1));
      else if (/^> /.test(line) && !/More information/.test(line)) found.push(line.slice(2).replace(/\.$/, ''));
    }
  }
  return unique(found.map(clean).filter(s => wordCount(s) >= 3));
}

// wordnet returns WordNet's example sentences, its definitions as
// {words, text}, and its nouns of one or two words.
export function wordnet(directory) {
  const examples = [], definitions = [], nouns = new Set();
  for (const kind of ['noun', 'verb', 'adj', 'adv']) {
    const lines = fs.readFileSync(path.join(directory, 'dict', 'data.' + kind), 'latin1').split('\n');
    for (const line of lines.filter(l => /^\d{8} /.test(l))) {
      const [entry, gloss] = line.split(' | ');
      if (!gloss) continue;
      const words = synonyms(entry);
      for (const [, example] of gloss.matchAll(/"([^"]+)"/g)) {
        if (wordCount(example) >= 4) examples.push(clean(example));
      }
      const text = clean(gloss.split(/; "/)[0].replace(/[;"]\s*$/, '').replace(/\([^)]*\)/g, ''));
      if (wordCount(text) >= 3 && wordCount(text) <= 20) definitions.push({ words, text });
      if (kind !== 'noun') continue;
      for (const w of words) if (/^[a-z]{3,14}( [a-z]{3,12})?$/.test(w)) nouns.add(w);
    }
  }
  return { examples: unique(examples), definitions, nouns };
}

// synonyms reads an entry: offset, file, kind, how many words (in hexadecimal),
// then each word with a number.
function synonyms(entry) {
  const fields = entry.split(' ');
  return Array.from({ length: parseInt(fields[3], 16) },
    (_, i) => fields[4 + 2 * i].replace(/\(\w+\)$/, '').replace(/_/g, ' '));
}
