// usage: node words.mjs LIST CORPUS N
//
// Prints the table's N words by falling frequency: the commoner words of LIST,
// which is in that order, and for the rest what CORPUS and LIST together make
// most likely. New words and contractions, which LIST lacks or has far behind,
// are put where common words stand, so that who takes a word's place for its
// frequency takes them for common.
import fs from 'node:fs';

const [, , LIST, CORPUS, N] = process.argv;
const certain = 0.78; // share of the words that LIST alone decides
const commonEnough = 3000; // the place of the first new word
const longest = 18;

const recent = `
  openai chatgpt gpt nvidia anthropic softbank amazon google microsoft facebook tesla spacex netflix
  uber airbnb tiktok instagram whatsapp twitter linkedin slack zoom github gitlab jira kubernetes
  docker aws azure bitcoin crypto cryptocurrency blockchain ethereum fintech startup startups unicorn
  covid pandemic lockdown vaccine brexit wfh hybrid onboarding offboarding layoff layoffs redundancy
  redundancies severance outplacement reorg restructuring headcount workforce downsizing payroll
  payslip freelancer gig ai ml llm llms chatbot chatbots gpu gpus datacenter datacenters smartphone
  app apps website wifi vpn login username password email emails ipo spac antitrust valuation
  valuations funding fundraising investor investors stakeholder stakeholders shareholding dividend
  dividends furlough upskilling reskilling sustainability emissions decarbonisation tariffs sanctions
  geopolitics streaming podcast`.trim().split(/\s+/);
const contractions = `
  i'm i've i'd i'll you're you've you'd you'll he's she's it's that's what's where's who's how's
  when's why's there's here's let's we're we've we'll we'd they're they've they'll don't doesn't
  didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't weren't haven't hasn't hadn't
  ain't y'all im ive dont doesnt didnt cant wont whats isnt`.trim().split(/\s+/);

const listed = [...new Set(fs.readFileSync(LIST, 'utf8').split('\n'))]
  .filter(word => /^([a-z][a-z0-9]*('[a-z0-9]+)?|[0-9]{1,4})$/.test(word) && word.length <= longest);
const place = new Map(listed.map((word, i) => [word, i]));

const counts = new Map();
const corpus = fs.readFileSync(CORPUS, 'utf8').toLowerCase().replace(/’/g, "'");
for (const [word] of corpus.matchAll(/[a-z0-9]+(?:'[a-z]+)*/g)) counts.set(word, (counts.get(word) || 0) + 1);

const top = listed.slice(0, Math.round(N * certain));
const taken = new Set(top);
const added = [...new Set([...recent, ...contractions])].filter(word => !taken.has(word));
for (const word of added) taken.add(word);

const likely = word => Math.log((counts.get(word) || 0) + 0.3) - 0.7 * Math.log((place.get(word) ?? 120000) + 1000);
const rest = [...new Set([...counts.keys(), ...listed])]
  .filter(word => !taken.has(word) && /^[a-z][a-z']*$/.test(word) && word.length <= longest)
  .sort((a, b) => likely(b) - likely(a) || (a < b ? -1 : 1));

const words = [...top.slice(0, commonEnough), ...added, ...top.slice(commonEnough), ...rest].slice(0, N);
if (words.length < N) throw new Error(`${words.length} words in ${LIST} and ${CORPUS}, want ${N}`);
process.stdout.write(words.join('\n') + '\n');
