// usage: node exclude.mjs FILE TEXTS
//
// Takes the lines out of FILE (sentences, or intent, tab and question) that say
// the same as a line of TEXTS but for case, punctuation and space. Leave the
// texts out that the table is to be measured with.
import fs from 'node:fs';

const [, , FILE, TEXTS] = process.argv;
const lines = name => fs.readFileSync(name, 'utf8').split('\n').filter(Boolean);
const plain = s => s.toLowerCase().replace(/[^a-z0-9 ]+/g, '').replace(/\s+/g, ' ').trim();
const question = line => line.includes('\t') ? line.split('\t')[1] : line;

const excluded = new Set(lines(TEXTS).map(plain));
excluded.delete('');
const before = lines(FILE), after = before.filter(line => !excluded.has(plain(question(line))));
fs.writeFileSync(FILE, after.join('\n') + '\n');
console.error(FILE, before.length, '->', after.length);
