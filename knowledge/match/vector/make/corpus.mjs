// usage: node corpus.mjs REPOS WORDNET OUT
//
// Reads the clones in REPOS and the unpacked package WORDNET and writes to OUT
//   corpus.txt      sentences to learn the teacher's vectors from, one a line
//   hwu.tsv         questions with their intents, intent first
//   templates.json  ways to ask, things to ask about, definitions
// Numbers say how many sentences of a source are taken at most, so that none
// outweighs the others.
import fs from 'node:fs';
import path from 'node:path';
import { collected, intents, prose, tldr, wordnet } from './sources.mjs';
import { phrases, relations } from './templates.mjs';
import { chance, shuffle, unique } from './text.mjs';

const [, , REPOS, WORDNET, OUT] = process.argv;
const repository = name => path.join(REPOS, name);
const write = (name, text) => fs.writeFileSync(path.join(OUT, name), text);
const random = chance(7); // each draw moves it: the order of the steps below matters
const some = (list, most) => shuffle(list, random).slice(0, most);
const pick = list => list[Math.floor(random() * list.length)];

const hwu = intents(repository('NLU-Evaluation-Data'));
write('hwu.tsv', [...hwu.values()].map(pair => pair.join('\t') + '\n').join(''));

const parts = {
  hwu: [...hwu.values()].map(([, question]) => question),
  collected: collected(repository('NLU-Evaluation-Data')).filter(s => !hwu.has(s.toLowerCase())).slice(0, 14000),
  handbook: some(prose(repository('handbook'), /\.(md|markdown)$/), 12000),
  vagov: some(prose(repository('vagov-content'), /\.md$/), 6000),
  digitalgov: some(prose(repository('digitalgov.gov'), /content\/(news|resources|guides|events)\/.*\.md$/), 16000),
  dynamics: some(prose(repository('dynamics365smb-docs'), /business-central\/.*\.md$/), 10000),
  tldr: some(tldr(repository('tldr')), 8000),
};
const { examples, definitions, nouns } = wordnet(WORDNET);
parts.examples = some(examples, 18000);
parts.glosses = some(unique(definitions.map(d => d.text)), 12000);

const things = [...phrases, ...some(commonNouns(), 3500).map(noun => (random() < .5 ? 'the ' : '') + noun)];
parts.templates = unique(Object.values(relations).flatMap(ways => Array.from({ length: 620 }, () => {
  const thing = random() < .4 ? pick(phrases) : pick(things);
  const question = pick(ways).replace('{x}', thing);
  return random() < .5 ? question + '?' : question;
})));
write('templates.json', JSON.stringify({
  relations: Object.values(relations),
  things,
  phrases: phrases.length,
  definitions: some(definitions, 40000),
}));

const sentences = shuffle(distinct(parts), random).map(s => random() < .3 ? asInChat(s) : s);
write('corpus.txt', sentences.join('\n') + '\n');
console.error('sentences', sentences.length, 'things', things.length);

// commonNouns returns the nouns that the running text uses: eight times or
// more, twice if they are two words.
function commonNouns() {
  const seen = new Map();
  const count = word => seen.set(word, (seen.get(word) || 0) + 1);
  for (const name of ['hwu', 'collected', 'handbook', 'vagov', 'digitalgov', 'dynamics', 'examples']) {
    for (const s of parts[name]) {
      const words = s.toLowerCase().match(/[a-z']+/g) || [];
      words.forEach((word, i) => {
        count(word);
        const two = i > 0 && words[i - 1] + ' ' + word;
        if (nouns.has(two)) count(two);
      });
    }
  }
  return [...nouns].filter(noun => (seen.get(noun) || 0) >= (noun.includes(' ') ? 2 : 8));
}

// distinct returns the sentences of all parts, each once whatever its case.
function distinct(parts) {
  const seen = new Set(), all = [];
  for (const [name, list] of Object.entries(parts)) {
    const before = all.length;
    for (const s of list) {
      if (seen.has(s.toLowerCase())) continue;
      seen.add(s.toLowerCase());
      all.push(s);
    }
    console.error(name, all.length - before);
  }
  return all;
}

// asInChat writes a sentence as people do in a chat.
function asInChat(s) {
  return s.replace(/[?.!,]/g, '').toLowerCase();
}
