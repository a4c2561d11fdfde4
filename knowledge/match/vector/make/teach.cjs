// usage: node teach.cjs MODULES MODEL IN OUT [PART/PARTS]
//
// Writes the teacher's vector of each line of IN to OUT, 512 little-endian
// float32 each. MODULES is a directory with node_modules, MODEL the unpacked
// package of Universal Sentence Encoder lite. With 0/2 the first half of the
// lines is read, with 1/2 the second: two processes can share the work.
const fs = require('fs'), path = require('path'), { createRequire } = require('module');

const [, , MODULES, MODEL, IN, OUT, PART = '0/1'] = process.argv;
const dims = 512;
const batchSize = 64;
const longest = 100; // tokens of a line that are read

const from = createRequire(path.resolve(MODULES, 'package.json'));
const tf = from('@tensorflow/tfjs-core');
const { loadGraphModel } = from('@tensorflow/tfjs-converter');
const { setWasmPaths } = from('@tensorflow/tfjs-backend-wasm');
const { Tokenizer } = from('@tensorflow-models/universal-sentence-encoder/dist/tokenizer');

const modelFile = name => fs.readFileSync(path.join(MODEL, 'dist', name));

// loadTeacher reads the model from its files; by itself it would fetch them.
async function loadTeacher() {
  setWasmPaths(path.resolve(MODULES, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out') + '/');
  await tf.setBackend('wasm');
  await tf.ready();
  const { modelTopology, format, weightsManifest: [{ paths, weights }] } = JSON.parse(modelFile('model.json'));
  const weightData = new Uint8Array(Buffer.concat(paths.map(modelFile))).buffer;
  return loadGraphModel({ load: async () => ({ modelTopology, format, weightSpecs: weights, weightData }) });
}

// readPart returns the lines that are this process's.
function readPart() {
  const lines = fs.readFileSync(IN, 'utf8').replace(/\n$/, '').split('\n');
  const [part, parts] = PART.split('/').map(Number);
  return lines.slice(Math.floor(lines.length * part / parts), Math.floor(lines.length * (part + 1) / parts));
}

// embed returns the vectors of token lists, one after the other.
async function embed(model, batch) {
  const indices = [], values = [];
  batch.forEach((tokens, i) => tokens.forEach((token, j) => {
    indices.push(i, j);
    values.push(token);
  }));
  const input = {
    indices: tf.tensor2d(indices, [values.length, 2], 'int32'),
    values: tf.tensor1d(values, 'int32'),
  };
  const output = await model.executeAsync(input);
  const vectors = await output.data();
  tf.dispose([input.indices, input.values, output]);
  return vectors;
}

async function main() {
  const model = await loadTeacher();
  const tokenizer = new Tokenizer(JSON.parse(modelFile('vocab.json')));
  const lines = readPart().map(line => {
    const tokens = tokenizer.encode(line).slice(0, longest);
    return tokens.length ? tokens : [0];
  });
  const order = [...lines.keys()].sort((a, b) => lines[a].length - lines[b].length); // like lengths share a batch
  const vectors = new Float32Array(lines.length * dims);
  for (let start = 0; start < order.length; start += batchSize) {
    const ids = order.slice(start, start + batchSize);
    const batch = await embed(model, ids.map(id => lines[id]));
    ids.forEach((id, i) => vectors.set(batch.subarray(i * dims, (i + 1) * dims), id * dims));
    if (start / batchSize % 200 === 0) console.error(IN, PART, start + ids.length, 'of', order.length);
  }
  fs.writeFileSync(OUT, Buffer.from(vectors.buffer));
}

main().catch(err => {
  console.error(err);
  process.exit(1);
});
